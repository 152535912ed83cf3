// Takes logins out of files into the store: one transaction per call, each item on its own. A bad item is reported and
// stops nobody; an account that is there already keeps what its user decided about it.

import type { Clock } from "../kit/clock.ts";
import { plainText } from "../kit/plain-text.ts";
import { afterSignIn } from "../pool/transitions.ts";
import type { NewCredentials } from "../store/credential-rows.ts";
import type { DurableRows, Store } from "../store/open-store.ts";
import type { AccountSource } from "./account-source.ts";
import { identify } from "./identity.ts";
import { readImport } from "./import-formats.ts";
import type { ImportedLogin, ImportItem } from "./import-formats.ts";
import { createdAccount, isNewer, refreshedAccount } from "./imported-account.ts";

export interface ImportFile {
  /** Shown in errors. */
  readonly name?: string;
  readonly content: string;
}

export interface ImportResult {
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  readonly failed: number;
  /** The first fifty; `index` counts the items of all files from 1. */
  readonly errors: readonly { readonly index: number; readonly message: string; readonly file?: string }[];
  readonly importedAccountIds: readonly string[];
}

export interface ImportOptions {
  readonly store: Store;
  readonly source: AccountSource;
  readonly clock: Clock;
  readonly onProgress?: (done: number, total: number) => void;
}

const mostErrors = 50;
const itemsPerTurn = 200;
const sortStep = 5;

export async function importAccounts(options: ImportOptions, files: readonly ImportFile[]): Promise<ImportResult> {
  const items = files.flatMap(({ name, content }) => readImport(content).map((item) => ({ item, file: name })));
  const failures = items.flatMap(({ item, file }, at) => (item.ok ? [] : [{ index: at + 1, ...describe(item, file) }]));
  const logins = items.flatMap(({ item }) => (item.ok ? [item.login] : []));
  const written = await options.store.transaction((rows) => writeLogins(options, rows, logins));
  const { created, updated, renewed } = written;
  const importedAccountIds = [...new Set([...created, ...updated])];
  await options.source.reload(importedAccountIds);
  const now = options.clock.now();
  for (const id of renewed) options.source.changeFacts(id, (facts) => afterSignIn(facts, now));
  return {
    total: items.length,
    created: created.length,
    updated: updated.length,
    failed: failures.length,
    errors: failures.slice(0, mostErrors),
    importedAccountIds,
  };
}

function describe(item: ImportItem & { ok: false }, file: string | undefined) {
  return file === undefined ? { message: item.message } : { message: item.message, file: plainText(file) };
}

/** Ids of accounts created and updated, one entry per item, and of those present ones whose tokens were replaced. */
export async function writeLogins(
  { clock, onProgress }: ImportOptions,
  rows: DurableRows,
  logins: readonly ImportedLogin[],
) {
  const known = new Map((await rows.accounts.list()).map((account) => [pairOf(account), account]));
  let lastSort = Math.max(0, ...[...known.values()].map((account) => account.sort));
  const created: string[] = [];
  const updated: string[] = [];
  const renewed = new Set<string>();
  for (const [at, login] of logins.entries()) {
    const identity = identify(login);
    const credentials: NewCredentials = { ...identity, tokens: login.tokens };
    const present = known.get(pairOf(identity));
    const now = clock.now();
    const account = present
      ? refreshedAccount(present, login, identity, now)
      : createdAccount(login, identity, { sort: (lastSort += sortStep), number: known.size + 1, now });
    await rows.accounts.put(account);
    const stored = present && (await rows.credentials.find(account.id));
    if (!stored || isNewer(credentials, stored)) {
      await rows.credentials.put(account.id, credentials);
      if (stored) renewed.add(account.id);
    }
    known.set(pairOf(account), account);
    (present ? updated : created).push(account.id);
    if ((at + 1) % itemsPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
    if ((at + 1) % itemsPerTurn === 0 || at + 1 === logins.length) onProgress?.(at + 1, logins.length);
  }
  return { created, updated, renewed };
}

function pairOf({ userId, chatgptAccountId }: { userId: string; chatgptAccountId: string | null }): string {
  return `${userId}\n${chatgptAccountId ?? ""}`;
}
