// Real requests of several Codex versions, captured in November 2026 with their texts cut down, made good again for an
// account of this world: ciphertext and turn state are sealed for it.

import classicToolTurn from "./fixtures/codex-0.169-classic-tool-turn.json" with { type: "json" };
import liteTurn from "./fixtures/codex-0.169-lite-turn.json" with { type: "json" };
import turnOf058 from "./fixtures/codex-0.58-turn.json" with { type: "json" };
import turnOf101 from "./fixtures/codex-0.101-turn.json" with { type: "json" };
import turnOf125 from "./fixtures/codex-0.125-turn.json" with { type: "json" };
import turnOf148 from "./fixtures/codex-0.148-turn.json" with { type: "json" };
import type { DemoAccount } from "./account.ts";
import { seal, turnState } from "./ciphertext.ts";

const CAPTURES = {
  /** 0.169, classic model: the second request of a turn, with reasoning, a call and its output. */
  classicToolTurn,
  /** 0.169, responses-lite model: tools in the input, no instructions. */
  liteTurn,
  turnOf058,
  turnOf101,
  turnOf125,
  turnOf148,
};

export type CaptureName = keyof typeof CAPTURES;
export const CAPTURE_NAMES = Object.keys(CAPTURES) as CaptureName[];

export interface CapturedRequest {
  headers: Record<string, string>;
  body: CapturedBody;
}

export interface CapturedBody {
  model: string;
  input: CapturedItem[];
  [field: string]: unknown;
}

export interface CapturedItem {
  type: string;
  [field: string]: unknown;
}

/** A copy to change at will. With an account, what is sealed is its own; without one, such items and headers are left out. */
export function captured(name: CaptureName, account?: DemoAccount): CapturedRequest {
  const { headers, body } = structuredClone(CAPTURES[name]) as unknown as CapturedRequest;
  if (!account) {
    delete headers["x-codex-turn-state"];
    return { headers, body: { ...body, input: body.input.filter((item) => item.type !== "reasoning") } };
  }
  const owner = account.accountId;
  if (headers["x-codex-turn-state"]) headers["x-codex-turn-state"] = turnState(owner, 1);
  for (const item of body.input) {
    if (item.type === "reasoning") item["encrypted_content"] = seal({ owner, kind: "reasoning", serial: 1 });
  }
  return { headers, body };
}
