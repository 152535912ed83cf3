// What the upstream gives out sealed and takes back only from the account it gave it to: reasoning and compaction
// ciphertext, and turn state. The owner stands inside, so that a replay on another account is seen.

export type SealedKind = "reasoning" | "compaction";

export interface Sealed {
  readonly owner: string;
  readonly kind: SealedKind;
  readonly serial: number;
}

const PREFIX = "gAAAAAB";
const TURN_STATE_PREFIX = "ts1.";

/** Looks like the real thing: base64url beginning with `gAAAA`. */
export function seal(content: Sealed): string {
  return PREFIX + Buffer.from(JSON.stringify(content)).toString("base64url");
}

/** Null for anything this world has not sealed. */
export function unseal(text: string): Sealed | null {
  if (!text.startsWith(PREFIX)) return null;
  const content = parse(text.slice(PREFIX.length));
  return content && typeof content["owner"] === "string" ? (content as unknown as Sealed) : null;
}

/** The value of the header `x-codex-turn-state`. */
export function turnState(owner: string, serial: number): string {
  return TURN_STATE_PREFIX + Buffer.from(JSON.stringify({ owner, serial })).toString("base64url");
}

/** The account a turn state belongs to; null when it is not one of ours. */
export function turnStateOwner(value: string): string | null {
  if (!value.startsWith(TURN_STATE_PREFIX)) return null;
  const owner = parse(value.slice(TURN_STATE_PREFIX.length))?.["owner"];
  return typeof owner === "string" ? owner : null;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
