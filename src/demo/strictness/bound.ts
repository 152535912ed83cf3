// Rules about what belongs to one account: reasoning and compaction ciphertext, turn state. And the form of the items
// that carry it.

import type { Answer } from "../answer.ts";
import { type SealedKind, turnStateOwner, unseal } from "../ciphertext.ts";
import type { DemoAccount } from "../account.ts";
import { type Fields, wordOf } from "../stream/request.ts";
import { notPersisted } from "./items.ts";
import { invalid, missing, unknownParameter, unsupported } from "./refusal.ts";
import type { Rule } from "./strictness.ts";

const COMPACTION_TYPES = new Set(["compaction", "compaction_summary", "context_compaction"]);

const reasoningItems: Rule = ({ items, account }) => {
  for (const [index, item] of items.entries()) {
    if (item["type"] !== "reasoning") continue;
    const refusal = refuseReasoning(item, `input[${index}]`, account);
    if (refusal) return refusal;
  }
  return null;
};

function refuseReasoning(item: Fields, place: string, account: DemoAccount): Answer | null {
  if (!Array.isArray(item["summary"])) return missing(`${place}.summary`);
  if ("status" in item) return unknownParameter(`${place}.status`);
  const content = item["content"] ?? [];
  if (!Array.isArray(content) || content.length > 0) {
    const length = Array.isArray(content) ? content.length : 1;
    const message = `Invalid '${place}.content': array too long. Expected an array with maximum length 0, but got an array with length ${length} instead.`;
    return invalid(`${place}.content`, message, "array_above_max_length");
  }
  const ciphertext = item["encrypted_content"] ?? null;
  if (ciphertext === null) return typeof item["id"] === "string" ? notPersisted(item["id"]) : null;
  return refuseCiphertext(wordOf(ciphertext), "reasoning", account);
}

const compactionItems: Rule = ({ items, account, strictness }) => {
  for (const [index, item] of items.entries()) {
    if (!COMPACTION_TYPES.has(wordOf(item["type"]))) continue;
    const ciphertext = item["encrypted_content"];
    if (typeof ciphertext !== "string") return missing(`input[${index}].encrypted_content`);
    const refusal = refuseCiphertext(ciphertext, "compaction", account);
    if (refusal && !(strictness.takesForeignCompaction && unseal(ciphertext))) return refusal;
  }
  return null;
};

function refuseCiphertext(ciphertext: string, kind: SealedKind, account: DemoAccount): Answer | null {
  const sealed = unseal(ciphertext);
  const excerpt = `${ciphertext.slice(0, 4)}...${ciphertext.slice(-4)}`;
  if (sealed?.kind === kind && sealed.owner === account.accountId && sealed.serial > 0) return null;
  const reason = sealed ? " Reason: Encrypted content organization_id did not match the target organization." : "";
  return invalid(null, `The encrypted content ${excerpt} could not be verified.${reason}`, "invalid_encrypted_content");
}

const turnState: Rule = ({ exchange, account }) => {
  const state = exchange.header("x-codex-turn-state");
  if (state === undefined || turnStateOwner(state) === account.accountId) return null;
  return unsupported("x-codex-turn-state", "The turn state does not belong to this account.");
};

export const boundRules: readonly Rule[] = [turnState, reasoningItems, compactionItems];
