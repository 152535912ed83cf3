// What an imported login makes of an account: a new one, or an older one brought up to date. Pure.

import { plainText } from "../kit/plain-text.ts";
import type { AccountRecord } from "../store/account-rows.ts";
import type { Credentials, NewCredentials } from "../store/credential-rows.ts";
import type { Identity } from "./identity.ts";
import type { ImportedLogin } from "./import-formats.ts";

const defaultGroup = "IMPORT";

/** An account nobody has seen before. `number` names it when nothing else does. */
export function createdAccount(
  login: ImportedLogin,
  identity: Identity,
  place: { readonly sort: number; readonly number: number; readonly now: number },
): AccountRecord {
  const label = labelOf(login, identity);
  return {
    id: identity.id,
    label: label ?? `Account ${String(place.number).padStart(4, "0")}`,
    hasPlaceholderLabel: label === null,
    email: identity.email,
    plan: identity.plan,
    upstream: "chatgpt",
    issuer: login.issuer,
    userId: identity.userId,
    chatgptAccountId: identity.chatgptAccountId,
    workspaceId: identity.workspaceId,
    groupName: login.groupName === null ? defaultGroup : plainText(login.groupName),
    sort: place.sort,
    status: "active",
    note: login.note,
    tags: login.tags,
    priority: 0,
    mark: "normal",
    maxInflight: null,
    providerId: null,
    createdAt: place.now,
    updatedAt: place.now,
  };
}

/** What the user may have decided stays; what the login tells is brought up to date. */
export function refreshedAccount(
  present: AccountRecord,
  login: ImportedLogin,
  identity: Identity,
  now: number,
): AccountRecord {
  const label = present.hasPlaceholderLabel ? labelOf(login, identity) : null;
  return {
    ...present,
    label: label ?? present.label,
    hasPlaceholderLabel: present.hasPlaceholderLabel && label === null,
    email: identity.email ?? present.email,
    plan: identity.plan ?? present.plan,
    workspaceId: identity.workspaceId ?? present.workspaceId,
    groupName: present.groupName || defaultGroup,
    updatedAt: now,
  };
}

function labelOf(login: ImportedLogin, identity: Identity): string | null {
  const label = login.label ?? identity.email ?? identity.name;
  return (label && plainText(label)) || null;
}

/**
 * Whether tokens from a file should replace those we hold. Ours may have been rotated since the file was written, and a
 * spent refresh token would lock the account; so a file wins only when it is provably not older.
 */
export function isNewer(incoming: NewCredentials, stored: Credentials): boolean {
  const { accessToken, refreshToken } = incoming.tokens;
  if (accessToken === stored.tokens.accessToken && refreshToken === stored.tokens.refreshToken) return false;
  if (stored.refusal) return refreshToken !== stored.tokens.refreshToken;
  if ((refreshToken === null) !== (stored.tokens.refreshToken === null)) return refreshToken !== null;
  if (stored.refreshedAt !== null) return incoming.refreshedAt !== null && incoming.refreshedAt > stored.refreshedAt;
  if (stored.expiresAt !== null && incoming.expiresAt !== null) return incoming.expiresAt > stored.expiresAt;
  return true;
}
