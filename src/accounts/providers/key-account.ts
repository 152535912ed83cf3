// The account that an API key makes at a provider. Pure.

import { hash } from "node:crypto";
import type { Provider } from "../../contract/provider.ts";
import { plainText } from "../../kit/plain-text.ts";
import type { AccountRecord } from "../../store/account-rows.ts";
import type { NewCredentials } from "../../store/credential-rows.ts";
import { accountIdOf } from "../identity.ts";

export interface NewKey {
  /** Empty where the provider asks for none. */
  readonly apiKey: string;
  /** For people; made from the provider's name and the key's end when nothing is given. */
  readonly label?: string | null;
  readonly groupName?: string;
  readonly tags?: readonly string[];
  readonly note?: string | null;
}

export interface KeyFault {
  readonly code: "invalid_key";
  readonly message: string;
}

/** So many letters of a key tell it apart for people without giving it away. */
const SHOWN_LETTERS = 4;
const SHORTEST_SHOWN = 12;

/** What is wrong with a key; null when nothing is. */
export function readKey({ apiKey }: NewKey, { terms, name }: Provider): KeyFault | null {
  const key = apiKey.trim();
  if (key === "" && terms.keyPlace !== "none") return { code: "invalid_key", message: `apiKey: ${name} asks for one` };
  const isSendable = /^[\x21-\x7e]*$/.test(key);
  return isSendable ? null : { code: "invalid_key", message: "apiKey: holds characters that no header may carry" };
}

interface Place {
  readonly provider: Provider;
  readonly accounts: readonly AccountRecord[];
  /** Epoch ms. */
  readonly now: number;
}

/** The same key at the same provider is the same account, whatever the user has decided about it. */
export function keyAccount(
  key: NewKey,
  { provider, accounts, now }: Place,
): { readonly account: AccountRecord; readonly credentials: NewCredentials } {
  const apiKey = key.apiKey.trim();
  const userId = `key_${hash("sha256", apiKey).slice(0, 24)}`;
  const id = accountIdOf(userId, provider.id);
  const tokens = { accessToken: apiKey, refreshToken: null, idToken: null };
  const present = accounts.find((account) => account.id === id);
  const account = present === undefined ? newAccount(key, { provider, accounts, now }) : { ...present, updatedAt: now };
  return {
    account: { ...account, id, userId },
    credentials: { tokens, expiresAt: null, refreshedAt: null },
  };
}

function newAccount(key: NewKey, { provider, accounts, now }: Place): Omit<AccountRecord, "id" | "userId"> {
  const label = plainText(key.label ?? "").trim();
  return {
    label: label || labelOf(key.apiKey.trim(), provider),
    hasPlaceholderLabel: label === "",
    email: null,
    plan: null,
    upstream: provider.kind,
    providerId: provider.id,
    issuer: null,
    chatgptAccountId: provider.id,
    workspaceId: null,
    groupName: plainText(key.groupName ?? ""),
    sort: accounts.reduce((last, { sort }) => Math.max(last, sort), 0) + 1,
    status: "active",
    note: key.note ?? null,
    tags: key.tags ?? [],
    priority: 0,
    mark: "normal",
    maxInflight: null,
    createdAt: now,
    updatedAt: now,
  };
}

function labelOf(apiKey: string, { name }: Provider): string {
  return apiKey.length < SHORTEST_SHOWN ? name : `${name} …${apiKey.slice(-SHOWN_LETTERS)}`;
}
