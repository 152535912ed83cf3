// The tables of codexmanager.db as Kysely sees them. Kept beside the migrations, which are the truth.

import type { Kysely, Transaction } from "kysely";
import type { Mark } from "../pool/account.ts";

export interface Schema {
  accounts: AccountsTable;
  credentials: CredentialsTable;
  account_facts: { account_id: string; facts: string };
  providers: ProvidersTable;
  platform_keys: PlatformKeysTable;
  settings: { key: string; value: string; updated_at: number };
  bindings: { conversation: string; account_id: string; used_at: number };
  kept_responses: KeptResponsesTable;
  kept_items: { key_id: string; id: string; response_id: string };
}

export interface AccountsTable {
  id: string;
  label: string;
  has_placeholder_label: number;
  email: string | null;
  plan: string | null;
  upstream: string;
  issuer: string | null;
  user_id: string;
  chatgpt_account_id: string;
  workspace_id: string | null;
  group_name: string;
  sort: number;
  status: "active" | "disabled";
  note: string | null;
  tags: string;
  priority: number;
  mark: Mark;
  max_inflight: number | null;
  provider_id: string | null;
  created_at: number;
  updated_at: number;
}

export interface ProvidersTable {
  id: string;
  name: string;
  kind: string;
  format: string;
  base_url: string;
  terms: string;
  sealed: Uint8Array;
  key_id: string | null;
  status: "active" | "disabled";
  sort: number;
  created_at: number;
  updated_at: number;
}

export interface CredentialsTable {
  account_id: string;
  sealed: Uint8Array;
  generation: number;
  access_token_expires_at: number | null;
  last_refresh_at: number | null;
  claim_owner: string | null;
  claim_until: number | null;
  refused_state: "sign_in" | "no_access" | null;
  refused_code: string | null;
  refused_at: number | null;
}

export interface PlatformKeysTable {
  id: string;
  hash: string;
  sealed: Uint8Array;
  name: string | null;
  protocol_type: string;
  upstream_base_url: string | null;
  static_headers_json: string | null;
  model_slug: string | null;
  reasoning_effort: string | null;
  status: "active" | "disabled";
  group_filter: string;
  tag_filter: string;
  plan_filter: string;
  max_inflight: number;
  created_at: number;
  last_used_at: number | null;
}

export interface KeptResponsesTable {
  key_id: string;
  id: string;
  account_id: string;
  conversation: string | null;
  bytes: number;
  created_at: number;
  input: Uint8Array;
  answer: Uint8Array;
}

/** What the rows of one aggregate are read and written through, inside a transaction or not. */
export type Connection = Kysely<Schema> | Transaction<Schema>;
