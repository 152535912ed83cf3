// The kept_responses and kept_items tables: answers that a client may refer to by an id, encrypted like the credentials.

import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { SecretBox } from "../kit/secret-box.ts";
import type { LazyTable, LazyTables } from "./lazy-tables.ts";
import type { Schema } from "./schema.ts";

export interface KeptAnswer {
  /** As the upstream gave it. */
  readonly id: string;
  readonly accountId: string;
  /** Hash of the conversation key; null when this answer began a conversation that nothing names. */
  readonly conversation: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
  /** The response object; what packing it means is the caller's. */
  readonly answer: Buffer;
}

export interface KeptResponse extends KeptAnswer {
  /** The whole list of items that was answered. */
  readonly input: Buffer;
}

export interface KeptResponseLimits {
  /** Epoch ms: what is older goes. */
  readonly before: number;
  readonly maxCount: number;
  readonly maxBytes: number;
}

export interface KeptResponseRows {
  find(keyId: string, id: string): Promise<KeptResponse | null>;
  /** The answers that hold any of these items; each once. */
  findByItems(keyId: string, itemIds: readonly string[]): Promise<readonly KeptAnswer[]>;
  /** Written lazily; found at once. `itemIds` are those of its output. */
  save(keyId: string, response: KeptResponse, itemIds: readonly string[]): void;
  /** False when there was none. */
  remove(keyId: string, id: string): Promise<boolean>;
  /** Forgets what is beyond the limits, the oldest first, and what belongs to keys that are gone; returns how many. */
  retain(limits: KeptResponseLimits): Promise<number>;
}

interface Parts {
  readonly db: Kysely<Schema>;
  readonly lazy: LazyTables;
  readonly box: SecretBox;
}

interface Waiting extends KeptResponse {
  readonly keyId: string;
}

interface WaitingItem {
  readonly keyId: string;
  readonly id: string;
  readonly responseId: string;
}

/** So many rows are removed in one go: nothing else is done meanwhile. */
const SLICE = 50;
const MOST_PARAMETERS = 1000;

const upsertResponse = `
  insert into kept_responses (key_id, id, account_id, conversation, bytes, created_at, answer, input)
  values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (key_id, id) do update set account_id = excluded.account_id, conversation = excluded.conversation,
    bytes = excluded.bytes, created_at = excluded.created_at, input = excluded.input, answer = excluded.answer`;
const upsertItem = `
  insert into kept_items (key_id, id, response_id) values (?, ?, ?)
  on conflict (key_id, id) do update set response_id = excluded.response_id`;

export function keptResponseRows({ db, lazy, box }: Parts): KeptResponseRows {
  // In this order: an item refers to its response.
  const responses = lazy.table<Waiting>(upsertResponse, (_key, row) => [
    row.keyId,
    row.id,
    row.accountId,
    row.conversation,
    row.input.length + row.answer.length,
    row.createdAt,
    box.seal(row.answer, contextOf(row.keyId, row.id)),
    box.seal(row.input, contextOf(row.keyId, row.id)),
  ]);
  const items = lazy.table<WaitingItem>(upsertItem, (_key, item) => [item.keyId, item.id, item.responseId]);
  return {
    ...keptResponseReads({ db, box, responses, items }),
    save(keyId, response, itemIds) {
      responses.put(nameOf(keyId, response.id), { ...response, keyId });
      for (const id of itemIds) items.put(nameOf(keyId, id), { keyId, id, responseId: response.id });
    },
    async remove(keyId, id) {
      // What waits to be written would come back.
      await lazy.flush();
      const deletion = db.deleteFrom("kept_responses").where("key_id", "=", keyId).where("id", "=", id);
      return Number((await deletion.executeTakeFirstOrThrow()).numDeletedRows) > 0;
    },
    async retain(limits) {
      let removed = 0;
      for (;;) {
        const count = await removeSlice(db, limits);
        removed += count;
        if (count < SLICE) return removed;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

interface ReadParts extends Pick<Parts, "db" | "box"> {
  readonly responses: LazyTable<Waiting>;
  readonly items: LazyTable<WaitingItem>;
}

/** What waits to be written is found like what is. */
function keptResponseReads({ db, box, responses, items }: ReadParts): Pick<KeptResponseRows, "find" | "findByItems"> {
  async function makersOf(keyId: string, itemIds: readonly string[]): Promise<ReadonlySet<string>> {
    const makers = new Set(itemIds.flatMap((id) => items.waiting(nameOf(keyId, id))?.responseId ?? []));
    for (let from = 0; from < itemIds.length; from += MOST_PARAMETERS) {
      const query = db.selectFrom("kept_items").select("response_id").where("key_id", "=", keyId);
      const rows = await query.where("id", "in", itemIds.slice(from, from + MOST_PARAMETERS)).execute();
      for (const { response_id } of rows) makers.add(response_id);
    }
    return makers;
  }

  async function findAnswer(keyId: string, id: string): Promise<KeptAnswer | null> {
    const waiting = responses.waiting(nameOf(keyId, id));
    if (waiting !== undefined) return waiting;
    const query = db.selectFrom("kept_responses").select(["account_id", "conversation", "created_at", "answer"]);
    const row = await query.where("key_id", "=", keyId).where("id", "=", id).executeTakeFirst();
    const answer = row && box.openBytes(row.answer, contextOf(keyId, id));
    if (!row || !answer) return null;
    const { account_id: accountId, conversation, created_at: createdAt } = row;
    return { id, accountId, conversation, createdAt, answer };
  }

  async function find(keyId: string, id: string): Promise<KeptResponse | null> {
    const waiting = responses.waiting(nameOf(keyId, id));
    if (waiting !== undefined) return waiting;
    const answer = await findAnswer(keyId, id);
    const query = db.selectFrom("kept_responses").select("input").where("key_id", "=", keyId);
    const row = await query.where("id", "=", id).executeTakeFirst();
    const input = row && box.openBytes(row.input, contextOf(keyId, id));
    return answer && input ? { ...answer, input } : null;
  }

  return {
    find,
    async findByItems(keyId, itemIds) {
      const makers = await makersOf(keyId, itemIds);
      const found = await Promise.all([...makers].map((id) => findAnswer(keyId, id)));
      return found.filter((response) => response !== null);
    },
  };
}

async function removeSlice(db: Kysely<Schema>, { before, maxCount, maxBytes }: KeptResponseLimits): Promise<number> {
  const { rows } = await sql<{ key_id: string; id: string }>`
    select key_id, id from (
      select key_id, id, created_at, row_number() over newest as place, sum(bytes) over newest as so_far
      from kept_responses window newest as (order by created_at desc, key_id, id)
    ) as aged
    where created_at < ${before} or place > ${maxCount} or so_far > ${maxBytes}
      or key_id not in (select id from platform_keys)
    limit ${SLICE}`.execute(db);
  await db.transaction().execute(async (transaction) => {
    for (const { key_id, id } of rows) {
      await transaction.deleteFrom("kept_responses").where("key_id", "=", key_id).where("id", "=", id).execute();
    }
  });
  return rows.length;
}

function nameOf(keyId: string, id: string): string {
  return `${keyId}\n${id}`;
}

/** A row that was moved to another key or another id does not open. */
function contextOf(keyId: string, id: string): string {
  return `responses:${keyId}:${id}`;
}
