// What a frame of a client asks for, read from few fields of its JSON.
// Facts: the frames Codex 0.125 to 0.169 send; `response.processed` needs no answer.

import { findMember, type Member, scanMembers, stringOf, valueOf } from "../../kit/json-scan.ts";

export interface CreateFrame {
  readonly text: Buffer;
  readonly members: readonly Member[];
  /** The response this request goes on from; null when it says everything itself. */
  readonly previousId: string | null;
  /** Opens the conversation without asking for an answer. */
  readonly isPrewarm: boolean;
}

export type ClientFrame =
  | { readonly kind: "create"; readonly create: CreateFrame }
  /** Tells something that concerns nobody here. */
  | { readonly kind: "notice" }
  | { readonly kind: "unknown"; readonly type: string }
  | { readonly kind: "malformed" };

const NOTICES: ReadonlySet<string> = new Set(["response.processed"]);

export function readFrame(text: Buffer): ClientFrame {
  const members = scanMembers(text);
  const type = stringOf(text, findMember(members, "type"));
  if (members === null || type === undefined) return { kind: "malformed" };
  if (NOTICES.has(type)) return { kind: "notice" };
  if (type !== "response.create") return { kind: "unknown", type };
  const previousId = stringOf(text, findMember(members, "previous_response_id")) ?? null;
  const isPrewarm = valueOf(text, findMember(members, "generate")) === false;
  return { kind: "create", create: { text, members, previousId, isPrewarm } };
}
