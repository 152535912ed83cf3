// Finds the JSON values in a text that holds one array, one value, or several one after another (JSONL, or pretty-printed
// objects in a row). A value that does not parse is reported in its place and does not hide those after it.

export type JsonValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

export function splitJsonValues(content: string): JsonValue[] {
  const text = content.replace(/^\uFEFF/, "").trim();
  if (text === "") return [];
  const whole = parse(text);
  if (whole.ok) return [whole];
  if (text.startsWith("[")) return [{ ok: false, error: `invalid JSON array: ${whole.error}` }];
  const values: JsonValue[] = [];
  for (let start = 0; start < text.length;) {
    const end = endOfValue(text, start);
    const value = parse(text.slice(start, end));
    values.push(value.ok ? value : { ok: false, error: `invalid JSON object stream: ${value.error}` });
    start = skipSeparators(text, end);
  }
  return values;
}

function parse(text: string): JsonValue {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, error: withoutContent((error as Error).message) };
  }
}

/** The parser quotes what it read, and that may be a token. */
function withoutContent(message: string): string {
  return message.replace(/,? ?("|\.\.\.)[^]*$/, "").trim() || "not JSON";
}

/** The end of the bracketed value at `start`; where brackets never close or there are none, the end of the line. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      if (char === "\\") at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth <= 0) return at + 1;
    else if (char === "\n" && depth === 0) return at;
  }
  const endOfLine = text.indexOf("\n", start);
  return endOfLine === -1 ? text.length : endOfLine;
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s,]/.test(text[at]!)) at++;
  return at;
}
