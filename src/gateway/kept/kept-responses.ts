// Keeps finished answers for clients that will refer to them by an id, and finds them again. Nothing here is waited for
// by the request that is kept.

import { pack, unpack } from "../../kit/pack.ts";
import { asList, asObject, asText, parseJson } from "../../kit/json-value.ts";
import { inputOf } from "../../wire/responses/storage.ts";
import type { Committed } from "../attempt.ts";
import type { KeptAnswer, KeptResponse, ResponseStore } from "../ports.ts";

/** What may be kept; null when nothing is. */
export interface KeepLimits {
  readonly daysKept: number;
  readonly maxCount: number;
  readonly maxBytes: number;
}

export interface KeptResponsesParts {
  readonly store: ResponseStore;
  readonly limits: () => KeepLimits;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onError: (error: unknown, traceId: string) => void;
}

/** An answer that is under way: takes the finished response object, or is let go of without one. */
export interface Draft {
  finish(answer: Buffer): void;
  close(): void;
}

type Begun = Pick<
  Committed,
  "body" | "key" | "accountId" | "conversation" | "conversationName" | "recalled" | "isToBeKept"
> & {
  readonly call: Pick<Committed["call"], "traceId">;
};

/** Packed requests of running answers may take so much memory in all; what comes on top is not kept. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 60 * 60_000;
/** The limits are enforced whenever this part of the room was written. */
const ROOM_PER_ROUND = 1 / 8;

export class KeptResponses {
  readonly #parts: KeptResponsesParts;
  /** Answers whose end the client may have seen already, although they are not saved yet. */
  readonly #saving = new Set<Promise<void>>();
  #heldBytes = 0;
  #writtenBytes = 0;

  constructor(parts: KeptResponsesParts) {
    this.#parts = parts;
  }

  get isOn(): boolean {
    return this.#parts.limits().daysKept > 0;
  }

  async find(keyId: string, id: string): Promise<KeptResponse | null> {
    await this.#settled();
    const found = this.isOn ? await this.#parts.store.find(keyId, id) : null;
    return found && { ...found, input: await unpack(found.input), answer: await unpack(found.answer) };
  }

  async findByItems(keyId: string, itemIds: readonly string[]): Promise<readonly KeptAnswer[]> {
    await this.#settled();
    const found = this.isOn ? await this.#parts.store.findByItems(keyId, itemIds) : [];
    return Promise.all(found.map(async (kept) => ({ ...kept, answer: await unpack(kept.answer) })));
  }

  async remove(keyId: string, id: string): Promise<boolean> {
    await this.#settled();
    return this.#parts.store.remove(keyId, id);
  }

  /** Called at the commit, while the body that was sent is still there. Null when the answer is not to be kept. */
  begin({ body, key, call, accountId, isToBeKept, ...about }: Begun): Draft | null {
    const input = isToBeKept && this.isOn && this.#heldBytes < MOST_HELD_BYTES ? inputOf(body.text) : null;
    if (input === null) return null;
    let held = 0;
    const hold = (bytes: number) => {
      this.#heldBytes += bytes - held;
      held = bytes;
    };
    hold(input.length);
    const packed = pack(input).then((bytes) => {
      if (held > 0) hold(bytes.length);
      return bytes;
    });
    packed.catch(() => {});
    const save = async (answer: Buffer) => {
      const head = { accountId, conversation: conversationOf(about), createdAt: this.#parts.now() };
      await this.#save(key.id, { ...head, ...(await named(answer)), input: await packed });
    };
    return {
      finish: (answer) => this.#track(save(answer), call.traceId),
      close: () => hold(0),
    };
  }

  async #save(keyId: string, { itemIds, ...response }: KeptResponse & { itemIds: readonly string[] }): Promise<void> {
    const { store, limits, now } = this.#parts;
    const { daysKept, maxCount, maxBytes } = limits();
    const size = response.input.length + response.answer.length;
    if (response.id === "" || size > maxBytes) return;
    store.save(keyId, response, itemIds);
    this.#writtenBytes += size;
    if (this.#writtenBytes < maxBytes * ROOM_PER_ROUND) return;
    this.#writtenBytes = 0;
    await store.retain({ before: now() - daysKept * DAY_MS, maxCount, maxBytes });
  }

  #track(saving: Promise<void>, traceId: string): void {
    const tracked = saving
      .catch((error: unknown) => this.#parts.onError(error, traceId))
      .finally(() => this.#saving.delete(tracked));
    this.#saving.add(tracked);
  }

  /** A client goes on as soon as it has its answer, which may be sooner than the answer is saved. */
  async #settled(): Promise<void> {
    if (this.#saving.size > 0) await Promise.all(this.#saving);
  }
}

/** Many conversations may open alike; this one goes by its first answer from here on. */
function conversationOf(about: Pick<Begun, "conversation" | "conversationName" | "recalled">): string | null {
  return about.conversationName === null && about.recalled === null ? null : about.conversation;
}

async function named(text: Buffer): Promise<{ id: string; itemIds: readonly string[]; answer: Buffer }> {
  const response = asObject(parseJson(text));
  const ids = asList(response?.["output"]).map((item) => asText(asObject(item)?.["id"]));
  return { id: asText(response?.["id"]) ?? "", itemIds: ids.filter((id) => id !== null), answer: await pack(text) };
}
