// JSON as one line, also for those who take two more characters for the end of one.
// Facts: U+2028 and U+2029 stand in JSON as they are, and end a line in JavaScript's patterns.

const LINE_ENDS = /[\u2028\u2029]/;

export function oneLine(value: object): string {
  const text = JSON.stringify(value);
  if (!LINE_ENDS.test(text)) return text;
  return text.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
