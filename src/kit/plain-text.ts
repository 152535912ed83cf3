// Text from outside made safe to print on one line.

/** Without control and direction-changing characters, without spaces around it, at most `longest` long. */
export function plainText(text: string, longest = 200): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
  return line.slice(0, longest).toWellFormed();
}
