// Finds members of a JSON text without parsing it: the hot path reads a handful of fields from bodies of a megabyte.
// It trusts the text to be JSON; on anything else it answers null and the upstream gets to say what is wrong.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** So many bytes a loop looks through before it leaves the rest of a string to native code, which costs more per call. */
const SHORT_STRETCH = 128;
const UNPLAIN = /[\\\x80-\xff]/;

/** Where one member of an object stands: the key's opening quote, and its value from `start` to before `end`. */
export interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The members of the object that begins at `at` (white space before it is skipped); null when it is no whole object.
 * With `stopKey` only those before that key, and nothing after it is looked at.
 */
export function scanMembers(text: Buffer, at = 0, stopKey?: string): Member[] | null {
  let here = skipSpace(text, at);
  if (text[here] !== OPEN_BRACE) return null;
  const members: Member[] = [];
  here = skipSpace(text, here + 1);
  if (text[here] === CLOSE_BRACE) return members;
  for (;;) {
    const keyStart = here;
    if (text[keyStart] !== QUOTE) return null;
    const keyEnd = skipString(text, keyStart);
    if (keyEnd < 0) return null;
    here = skipSpace(text, keyEnd);
    if (text[here] !== COLON) return null;
    const key = keyOf(text, keyStart + 1, keyEnd - 1);
    if (key === undefined) return null;
    if (key === stopKey) return members;
    const start = skipSpace(text, here + 1);
    const end = skipValue(text, start);
    if (end < 0) return null;
    members.push({ key, keyStart, start, end });
    here = skipSpace(text, end);
    if (text[here] === CLOSE_BRACE) return members;
    if (text[here] !== COMMA) return null;
    here = skipSpace(text, here + 1);
  }
}

/** Calls `visit` with the range of each element of the array at `at`, until it answers false. Null: no array. */
export function scanElements(text: Buffer, at: number, visit: (start: number, end: number) => boolean): boolean | null {
  let here = skipSpace(text, at);
  if (text[here] !== OPEN_BRACKET) return null;
  here = skipSpace(text, here + 1);
  if (text[here] === CLOSE_BRACKET) return true;
  for (;;) {
    const end = skipValue(text, here);
    if (end < 0) return null;
    if (!visit(here, end)) return false;
    here = skipSpace(text, end);
    if (text[here] === CLOSE_BRACKET) return true;
    if (text[here] !== COMMA) return null;
    here = skipSpace(text, here + 1);
  }
}

/** The member that counts: where a key stands twice, parsers take the last. */
export function findMember(members: readonly Member[] | null, key: string): Member | undefined {
  return members?.findLast((member) => member.key === key);
}

/** The member's value when it is a string; undefined for any other kind of value. */
export function stringOf(text: Buffer, member: Member | undefined): string | undefined {
  if (member === undefined || text[member.start] !== QUOTE) return undefined;
  return unescaped(text.toString("utf8", member.start + 1, member.end - 1));
}

/** Whether the member is the literal `true`. */
export function isTrue(text: Buffer, member: Member | undefined): boolean {
  return member !== undefined && text[member.start] === 0x74;
}

/** The member parsed; for small values only. Undefined when it is missing or no JSON. */
export function valueOf(text: Buffer, member: Member | undefined): unknown {
  if (member === undefined) return undefined;
  try {
    return JSON.parse(text.toString("utf8", member.start, member.end));
  } catch {
    return undefined;
  }
}

/** Keys are plain in practice; only others are decoded the slow way. */
function keyOf(text: Buffer, start: number, end: number): string | undefined {
  const key = text.toString("latin1", start, end);
  return UNPLAIN.test(key) ? unescaped(text.toString("utf8", start, end)) : key;
}

function unescaped(inner: string): string | undefined {
  if (!inner.includes("\\")) return inner;
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return undefined;
  }
}

function skipSpace(text: Buffer, at: number): number {
  let here = at;
  for (;;) {
    const byte = text[here];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return here;
    here += 1;
  }
}

/** Index after the closing quote of the string whose opening quote stands at `at`; -1 when it never ends. */
function skipString(text: Buffer, at: number): number {
  let here = at + 1;
  for (;;) {
    const near = Math.min(here + SHORT_STRETCH, text.length);
    while (here < near) {
      const byte = text[here];
      if (byte === QUOTE) return here + 1;
      here += byte === BACKSLASH ? 2 : 1;
    }
    const quote = text.indexOf(QUOTE, here);
    if (quote < 0) return -1;
    let backslashes = 0;
    while (quote - 1 - backslashes >= here && text[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    here = quote + 1;
    if (backslashes % 2 === 0) return here;
  }
}

function skipValue(text: Buffer, at: number): number {
  const first = text[at];
  if (first === QUOTE) return skipString(text, at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(text, at);
  return skipLiteral(text, at);
}

function skipContainer(text: Buffer, at: number): number {
  let depth = 0;
  let here = at;
  while (here < text.length) {
    const byte = text[here];
    if (byte === QUOTE) {
      here = skipString(text, here);
      if (here < 0) return -1;
      continue;
    }
    here += 1;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return here;
    }
  }
  return -1;
}

function skipLiteral(text: Buffer, at: number): number {
  let here = at;
  while (here < text.length) {
    const byte = text[here];
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || (byte !== undefined && byte <= 0x20)) break;
    here += 1;
  }
  return here > at && here < text.length ? here : -1;
}
