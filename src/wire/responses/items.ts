// Repairs the items of `input` that the ChatGPT Codex backend refuses. Ids are left out altogether: with `store: false`
// the backend knows none of them, and their prefixes and lengths are checked.

type Item = Record<string, unknown>;

/** Sealed reasoning as the backend makes it; anything else under that name would be refused. */
const GENUINE_CIPHERTEXT = /^gAAAA[\w-]+=*$/;

/** What `input` means when it is nothing but a text. */
export function textMessage(text: string): Item {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

export function repairItems(items: readonly unknown[]): unknown[] {
  return items.map((item) => (isRecord(item) ? repairItem(item) : item)).filter((item) => item !== null);
}

function repairItem(item: Item): Item | null {
  if (isReasoningReference(item)) return null;
  if (item["type"] === "reasoning") return repairReasoning(item);
  const { id: _id, status: _status, ...rest } = item;
  if (rest["role"] === "system") rest["role"] = "developer";
  for (const key of ["content", "output"]) {
    const parts = rest[key];
    if (Array.isArray(parts)) rest[key] = parts.map(withoutCacheMarks);
  }
  return rest;
}

/** Some SDKs refer to stored reasoning by its id. What is not stored cannot be replayed, and says nothing to the backend. */
function isReasoningReference(item: Item): boolean {
  return item["type"] === "item_reference" && isReasoningId(item["id"]);
}

/** Reasoning may be missing from a conversation; nothing else may. */
export function isReasoningId(id: unknown): boolean {
  return String(id).startsWith("rs_");
}

/** The id of an item that is only referred to, although it is part of the conversation; null when there is none. */
export function missingItem(items: readonly unknown[]): string | null {
  const missing = items.find(
    (item) => isRecord(item) && item["type"] === "item_reference" && !isReasoningReference(item),
  );
  return isRecord(missing) ? String(missing["id"]) : null;
}

/** Reasoning that was not sealed by the backend cannot be replayed and says nothing to it. */
function repairReasoning(item: Item): Item | null {
  const sealed = item["encrypted_content"];
  if (typeof sealed !== "string" || !GENUINE_CIPHERTEXT.test(sealed)) return null;
  return { type: "reasoning", summary: item["summary"] ?? [], encrypted_content: sealed };
}

function withoutCacheMarks(part: unknown): unknown {
  if (!isRecord(part) || !("prompt_cache_breakpoint" in part)) return part;
  const { prompt_cache_breakpoint: _mark, ...rest } = part;
  return rest;
}

function isRecord(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
