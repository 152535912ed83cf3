// The platform_keys table: the keys we issue to clients, as a hash to find them by and a sealed copy to show again.

import type { Selectable } from "kysely";
import type { SecretBox } from "../kit/secret-box.ts";
import type { Connection, PlatformKeysTable } from "./schema.ts";

export interface KeyRecord {
  readonly id: string;
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly name: string | null;
  readonly protocolType: string;
  readonly upstreamBaseUrl: string | null;
  readonly staticHeadersJson: string | null;
  readonly modelSlug: string | null;
  readonly reasoningEffort: string | null;
  readonly status: "active" | "disabled";
  /** The accounts it may use; empty lists ask for nothing. */
  readonly groupFilter: readonly string[];
  readonly tagFilter: readonly string[];
  readonly planFilter: readonly string[];
  /** Most requests it may have under way at once; 0 sets no limit. */
  readonly maxInflight: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

export interface KeyRows {
  /** Newest first. */
  list(): Promise<KeyRecord[]>;
  find(id: string): Promise<KeyRecord | null>;
  insert(key: KeyRecord, secret: string): Promise<void>;
  /** Writes everything but hash, secret and last use. */
  update(key: KeyRecord): Promise<void>;
  /** Null when there is no such key or its secret cannot be opened. */
  readSecret(id: string): Promise<string | null>;
  remove(id: string): Promise<boolean>;
}

export function keyRows(db: Connection, box: SecretBox): KeyRows {
  const select = () => db.selectFrom("platform_keys").selectAll();
  return {
    async list() {
      const rows = await select().orderBy("created_at", "desc").orderBy("id").execute();
      return rows.map(toRecord);
    },
    async find(id) {
      const row = await select().where("id", "=", id).executeTakeFirst();
      return row ? toRecord(row) : null;
    },
    async insert(key, secret) {
      const row = {
        id: key.id,
        hash: key.hash,
        sealed: box.seal(secret, sealContext(key.id)),
        created_at: key.createdAt,
        last_used_at: key.lastUsedAt,
        ...editableColumns(key),
      };
      await db.insertInto("platform_keys").values(row).execute();
    },
    async update(key) {
      await db.updateTable("platform_keys").set(editableColumns(key)).where("id", "=", key.id).execute();
    },
    async readSecret(id) {
      const row = await select().where("id", "=", id).executeTakeFirst();
      return row ? box.open(row.sealed, sealContext(id)) : null;
    },
    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom("platform_keys").where("id", "=", id).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function toRecord(row: Selectable<PlatformKeysTable>): KeyRecord {
  return {
    id: row.id,
    hash: row.hash,
    name: row.name,
    protocolType: row.protocol_type,
    upstreamBaseUrl: row.upstream_base_url,
    staticHeadersJson: row.static_headers_json,
    modelSlug: row.model_slug,
    reasoningEffort: row.reasoning_effort,
    status: row.status,
    groupFilter: JSON.parse(row.group_filter) as string[],
    tagFilter: JSON.parse(row.tag_filter) as string[],
    planFilter: JSON.parse(row.plan_filter) as string[],
    maxInflight: row.max_inflight,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

function editableColumns(key: KeyRecord) {
  return {
    name: key.name,
    protocol_type: key.protocolType,
    upstream_base_url: key.upstreamBaseUrl,
    static_headers_json: key.staticHeadersJson,
    model_slug: key.modelSlug,
    reasoning_effort: key.reasoningEffort,
    status: key.status,
    group_filter: JSON.stringify(key.groupFilter),
    tag_filter: JSON.stringify(key.tagFilter),
    plan_filter: JSON.stringify(key.planFilter),
    max_inflight: key.maxInflight,
  };
}

function sealContext(id: string): string {
  return `key:${id}`;
}
