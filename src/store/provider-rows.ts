// The providers table. What may hold secrets is sealed.

import type { Selectable } from "kysely";
import {
  noSecrets,
  plainTerms,
  type Provider,
  type ProviderFormat,
  type ProviderKind,
  type ProviderSecrets,
  type ProviderTerms,
} from "../contract/provider.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import type { Connection, ProvidersTable } from "./schema.ts";
import { StoreError } from "./store-error.ts";

export interface ProviderRows {
  /** In the user's order. */
  list(): Promise<Provider[]>;
  find(id: string): Promise<Provider | null>;
  /** Inserts, or replaces the provider with this id. */
  put(provider: Provider): Promise<void>;
  /** Returns whether there was one; its accounts go with it. */
  remove(id: string): Promise<boolean>;
}

export function providerRows(db: Connection, box: SecretBox): ProviderRows {
  return {
    async list() {
      const rows = await db.selectFrom("providers").selectAll().orderBy("sort").orderBy("created_at").execute();
      return rows.map((row) => toProvider(row, box));
    },
    async find(id) {
      const row = await db.selectFrom("providers").selectAll().where("id", "=", id).executeTakeFirst();
      return row ? toProvider(row, box) : null;
    },
    async put(provider) {
      const { id, ...columns } = toRow(provider, box);
      const insertion = db.insertInto("providers").values({ id, ...columns });
      await insertion.onConflict((conflict) => conflict.column("id").doUpdateSet(columns)).execute();
    },
    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom("providers").where("id", "=", id).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function toProvider(row: Selectable<ProvidersTable>, box: SecretBox): Provider {
  const opened = box.open(row.sealed, sealContext(row.id));
  if (opened === null) {
    const fact = `The stored secrets of the provider ${row.name} cannot be decrypted.`;
    throw new StoreError("wrong_key", `${fact} Restore the database together with its key file.`);
  }
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as ProviderKind,
    format: row.format as ProviderFormat,
    baseUrl: row.base_url,
    isEnabled: row.status === "active",
    sort: row.sort,
    keyId: row.key_id,
    // What was added later has its plain value in older rows.
    terms: { keyPlace: "bearer", ...plainTerms, ...(JSON.parse(row.terms) as Partial<ProviderTerms>) },
    secrets: { ...noSecrets, ...(JSON.parse(opened) as Partial<ProviderSecrets>) },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(provider: Provider, box: SecretBox): ProvidersTable {
  return {
    id: provider.id,
    name: provider.name,
    kind: provider.kind,
    format: provider.format,
    base_url: provider.baseUrl,
    terms: JSON.stringify(provider.terms),
    sealed: box.seal(JSON.stringify(provider.secrets), sealContext(provider.id)),
    key_id: provider.keyId,
    status: provider.isEnabled ? "active" : "disabled",
    sort: provider.sort,
    created_at: provider.createdAt,
    updated_at: provider.updatedAt,
  };
}

function sealContext(providerId: string): string {
  return `provider:${providerId}`;
}
