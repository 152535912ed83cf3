// Takes a finished sign-in into the store, by the same rules as an import.

import { afterSignIn } from "../../pool/transitions.ts";
import type { SignedInTokens } from "../../upstream/chatgpt/sign-in-issuer.ts";
import { identify } from "../identity.ts";
import type { ImportedLogin } from "../import-formats.ts";
import { type ImportOptions, writeLogins } from "../import.ts";

/** What the account is to be called and kept for, should it be new. */
export interface Belongings {
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly groupName: string | null;
}

export type SignedIn =
  | { readonly ok: true; readonly accountId: string }
  /** Somebody else signed in than the account that was meant. */
  | { readonly ok: false; readonly reason: string };

/** `expectedId` names the account whose sign-in this has to be; null takes any. */
export async function takeSignedIn(
  options: ImportOptions,
  tokens: SignedInTokens,
  { belongings, expectedId }: { readonly belongings: Belongings; readonly expectedId: string | null },
): Promise<SignedIn> {
  const now = options.clock.now();
  const login = loginOf(tokens, belongings, now);
  const identity = identify(login);
  if (expectedId !== null && identity.id !== expectedId) {
    const who = identity.email ?? identity.id;
    return { ok: false, reason: `This was ${who}, who is another account. Sign in as the account you have chosen.` };
  }
  await options.store.transaction((rows) => writeLogins(options, rows, [login]));
  await options.source.reload([identity.id]);
  options.source.changeFacts(identity.id, (facts) => afterSignIn(facts, now));
  return { ok: true, accountId: identity.id };
}

function loginOf(tokens: SignedInTokens, belongings: Belongings, now: number): ImportedLogin {
  return {
    tokens,
    userId: null,
    chatgptAccountId: null,
    workspaceId: null,
    email: null,
    name: null,
    plan: null,
    issuer: null,
    label: null,
    ...belongings,
    // Without a group of its own it is in none: the group for imports is for imports.
    groupName: belongings.groupName ?? "",
    refreshedAt: now,
    expiresAt: null,
  };
}
