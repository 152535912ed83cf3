// The credentials table: sealed tokens, their generation, the claim under which they are rotated, and their refusal.
// Each change of tokens raises the generation, which is how a waiting process sees that another one has rotated them.

import { CompiledQuery, sql } from "kysely";
import type { Selectable } from "kysely";
import type { SecretBox } from "../kit/secret-box.ts";
import { StoreError } from "./store-error.ts";
import type { Connection, CredentialsTable } from "./schema.ts";

export interface Tokens {
  readonly accessToken: string;
  /** Null for a login that cannot be renewed (session imports). */
  readonly refreshToken: string | null;
  readonly idToken: string | null;
}

/** The issuer's final word on a login: nothing is sent to it again until new tokens arrive. */
export interface Refusal {
  readonly state: "sign_in" | "no_access";
  readonly code: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface NewCredentials {
  readonly tokens: Tokens;
  /** Epoch ms; null when unknown. */
  readonly expiresAt: number | null;
  readonly refreshedAt: number | null;
}

export interface Credentials extends NewCredentials {
  readonly accountId: string;
  readonly generation: number;
  readonly claim: { readonly owner: string; readonly until: number } | null;
  readonly refusal: Refusal | null;
}

export interface Claim {
  readonly accountId: string;
  readonly generation: number;
  readonly owner: string;
}

/** Instants in epoch ms. */
export interface DueLimits {
  readonly expiresBefore: number;
  readonly refreshedBefore: number;
}

export interface CredentialRows {
  find(accountId: string): Promise<Credentials | null>;
  /** Stores tokens that came from a person (sign-in, import): ends any claim and any refusal. */
  put(accountId: string, credentials: NewCredentials): Promise<void>;
  /** Takes the right to rotate this generation, unless somebody holds it at `now`. */
  claim(claim: Claim, now: number, until: number): Promise<boolean>;
  /** Ends a claim with new tokens. False, and nothing stored, when the tokens were replaced meanwhile. */
  rotate(claim: Claim, credentials: NewCredentials): Promise<boolean>;
  /** Ends a claim without new tokens, with the issuer's final word or without. */
  release(claim: Claim, refusal: Refusal | null): Promise<void>;
  /** Takes back a refusal of this state, so that the issuer is asked again. */
  forgive(accountId: string, state: Refusal["state"]): Promise<void>;
  /** Accounts whose token ends before an instant, or was refreshed before one when its end is unknown; never refused ones. */
  due(limits: DueLimits): Promise<string[]>;
  /** Every refusal in force, by account. */
  refusals(): Promise<Map<string, Refusal>>;
}

const unclaimed = { claim_owner: null, claim_until: null };
const unrefused = { refused_state: null, refused_code: null, refused_at: null };

export function credentialRows(db: Connection, box: SecretBox): CredentialRows {
  let upsert: string | null = null;
  const held = ({ accountId, generation, owner }: Claim) =>
    db
      .updateTable("credentials")
      .where("account_id", "=", accountId)
      .where("generation", "=", generation)
      .where("claim_owner", "=", owner);
  return {
    async find(accountId) {
      const query = db.selectFrom("credentials").selectAll().where("account_id", "=", accountId);
      const row = await query.executeTakeFirst();
      return row ? toCredentials(row, box) : null;
    },
    async put(accountId, credentials) {
      const columns = { ...toColumns(accountId, credentials, box), ...unclaimed, ...unrefused };
      const row = { account_id: accountId, generation: 1, ...columns };
      upsert ??= compileUpsert(db, row);
      await db.executeQuery(CompiledQuery.raw(upsert, Object.values(row)));
    },
    async claim({ accountId, generation, owner }, now, until) {
      const { numUpdatedRows } = await db
        .updateTable("credentials")
        .set({ claim_owner: owner, claim_until: until })
        .where("account_id", "=", accountId)
        .where("generation", "=", generation)
        .where("refused_state", "is", null)
        // A claim further off than any is made is of a clock that was set back.
        .where(sql<boolean>`(claim_until is null or claim_until <= ${now} or claim_until > ${2 * until - now})`)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async rotate(claim, credentials) {
      const columns = { ...toColumns(claim.accountId, credentials, box), ...unclaimed };
      const { numUpdatedRows } = await held(claim)
        .set({ ...columns, generation: claim.generation + 1 })
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async release(claim, refusal) {
      const columns = { refused_state: refusal?.state, refused_code: refusal?.code, refused_at: refusal?.at };
      await held(claim)
        .set({ ...unclaimed, ...columns })
        .execute();
    },
    async forgive(accountId, state) {
      const refused = db.updateTable("credentials").where("account_id", "=", accountId);
      await refused.where("refused_state", "=", state).set(unrefused).execute();
    },
    due: (limits) => dueAccounts(db, limits),
    async refusals() {
      const rows = await db.selectFrom("credentials").selectAll().where("refused_state", "is not", null).execute();
      return new Map(rows.map((row) => [row.account_id, toRefusal(row)!]));
    },
  };
}

async function dueAccounts(db: Connection, { expiresBefore, refreshedBefore }: DueLimits): Promise<string[]> {
  const unrefused = db.selectFrom("credentials").select("account_id").where("refused_state", "is", null);
  const ending = unrefused.where((row) =>
    row.or([
      row("access_token_expires_at", "<", expiresBefore),
      row.and([row("access_token_expires_at", "is", null), row("last_refresh_at", "<", refreshedBefore)]),
    ]),
  );
  const rows = await ending.orderBy("access_token_expires_at").execute();
  return rows.map((row) => row.account_id);
}

/** Compiled once for many rows, as that of accounts. */
function compileUpsert(db: Connection, row: CredentialsTable): string {
  const columns = Object.keys(row) as (keyof CredentialsTable)[];
  const insertion = db.insertInto("credentials").values(row);
  const replacing = insertion.onConflict((conflict) =>
    conflict.column("account_id").doUpdateSet((present) => ({
      ...Object.fromEntries(columns.map((column) => [column, present.ref(`excluded.${column}`)])),
      generation: present("credentials.generation", "+", present.lit(1)),
    })),
  );
  return replacing.compile().sql;
}

function toColumns(accountId: string, { tokens, expiresAt, refreshedAt }: NewCredentials, box: SecretBox) {
  const sealed = box.seal(JSON.stringify(tokens), sealContext(accountId));
  return { sealed, access_token_expires_at: expiresAt, last_refresh_at: refreshedAt };
}

function toCredentials(row: Selectable<CredentialsTable>, box: SecretBox): Credentials {
  const opened = box.open(row.sealed, sealContext(row.account_id));
  if (opened === null) {
    const fact = `The stored credentials of account ${row.account_id} cannot be decrypted.`;
    throw new StoreError("wrong_key", `${fact} Import the account again, or restore the database and its key file.`);
  }
  return {
    accountId: row.account_id,
    tokens: JSON.parse(opened) as Tokens,
    generation: row.generation,
    expiresAt: row.access_token_expires_at,
    refreshedAt: row.last_refresh_at,
    claim: row.claim_owner === null ? null : { owner: row.claim_owner, until: row.claim_until ?? 0 },
    refusal: toRefusal(row),
  };
}

function toRefusal(row: Selectable<CredentialsTable>): Refusal | null {
  if (row.refused_state === null) return null;
  return { state: row.refused_state, code: row.refused_code ?? "", at: row.refused_at ?? 0 };
}

function sealContext(accountId: string): string {
  return `credentials:${accountId}`;
}
