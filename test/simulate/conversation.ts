// A client's side of its conversations: what it sends with each turn and what it keeps of each answer.

import { hash } from "node:crypto";
import type { TurnWish } from "./step.ts";

export const KEY_ID = "gk_1";
const SECRET = "b".repeat(64);
export const KEY_HASH = hash("sha256", SECRET);

interface Memory {
  /** Sealed reasoning of the answers so far. */
  sealed: string[];
  compaction: string | null;
  previous: string | null;
}

const MOST_SEALED = 3;

export class Conversations {
  readonly #memories = new Map<number, Memory>();

  /** What a turn brings along of what was said before. */
  baggage({ conversation, baggage }: TurnWish): {
    sealed: string[];
    compaction: string | null;
    previous: string | null;
  } {
    const memory = this.#memory(conversation);
    if (baggage === "compaction" && memory.compaction === null && memory.sealed.length > 0) {
      memory.compaction = memory.sealed.at(-1) ?? null;
      memory.sealed = [];
    }
    const isBare = baggage === "nothing";
    return {
      sealed: isBare ? [] : [...memory.sealed],
      compaction: isBare ? null : memory.compaction,
      previous: baggage === "previous" ? memory.previous : null,
    };
  }

  /** Takes over what a complete answer says. */
  keep(conversation: number, text: string): void {
    const memory = this.#memory(conversation);
    const sealed = /enc\.[a-z]\d+\.\d+\./.exec(text)?.[0];
    if (sealed !== undefined) memory.sealed = [...memory.sealed, sealed].slice(-MOST_SEALED);
    memory.previous = /resp_[a-z]\d+_\d+/.exec(text)?.[0] ?? memory.previous;
  }

  #memory(conversation: number): Memory {
    const memory = this.#memories.get(conversation) ?? { sealed: [], compaction: null, previous: null };
    this.#memories.set(conversation, memory);
    return memory;
  }
}

export function turnHeaders(wish: TurnWish): string[] {
  const headers = ["authorization", `Bearer ${SECRET}`, "content-type", "application/json"];
  if (wish.isNative) headers.push("originator", "codex_exec");
  headers.push("thread-id", threadOf(wish.conversation));
  if (wish.parent !== null) headers.push("x-codex-parent-thread-id", threadOf(wish.parent));
  return headers;
}

/** The number of the turn goes along as its service tier, which the gateway writes down as the client sent it. */
export function turnBody(id: number, wish: TurnWish, brings: ReturnType<Conversations["baggage"]>): Buffer {
  const reasoning = brings.sealed.map((encrypted_content) => ({ type: "reasoning", summary: [], encrypted_content }));
  const compaction = brings.compaction === null ? [] : [{ type: "compaction", encrypted_content: brings.compaction }];
  const message = { type: "message", role: "user", content: [{ type: "input_text", text: `turn ${id};` }] };
  const body = {
    model: wish.model,
    instructions: "",
    input: [...compaction, ...reasoning, message],
    ...(brings.previous === null ? {} : { previous_response_id: brings.previous }),
    store: false,
    stream: wish.wantsStream || wish.isNative,
    include: ["reasoning.encrypted_content"],
    service_tier: `t${id}`,
  };
  return Buffer.from(JSON.stringify(body));
}

/** Which turn an upstream request belongs to; null for what the gateway asks by itself. */
export function turnInBody(body: string): number | null {
  const found = /turn (\d+);/.exec(body)?.[1];
  return found === undefined ? null : Number(found);
}

export function turnInTier(tier: string | null): number | null {
  return tier === null ? null : Number(tier.slice(1));
}

/** As the gateway names a conversation in its bindings. */
export function conversationHash(conversation: number): string {
  return hash("sha256", `${KEY_ID}\n${threadOf(conversation)}`, "base64url").slice(0, 32);
}

function threadOf(conversation: number): string {
  return `thread-${conversation}`;
}
