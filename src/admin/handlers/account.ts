// Accounts over RPC.

import type { AccountEdit, Accounts, AccountView } from "../../accounts/accounts.ts";
import type { ImportFile, ImportResult } from "../../accounts/import.ts";
import type { accountMethods } from "../../contract/rpc/areas/account.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { Clock } from "../../kit/clock.ts";
import { accountState } from "../account-state.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";

export interface AccountDeps {
  readonly accounts: Accounts;
  readonly importFiles: (files: readonly ImportFile[]) => Promise<ImportResult>;
  readonly clock: Clock;
}

type AccountMethod = Exclude<keyof typeof accountMethods, `account/usage/${string}`>;

const UNKNOWN = "account not found";

export function accountHandlers({ accounts, importFiles, clock }: AccountDeps): Handlers<AccountMethod> {
  return {
    "account/list": async () => {
      const now = clock.now();
      return done({ items: (await accounts.list()).map((account) => accountItem(account, now)) });
    },
    "account/update": async ({ accountId, ...edit }) => {
      const isEmpty = Object.values(edit).every((value) => value === undefined);
      const missing = await accounts.update([accountId], isEmpty ? { sort: 0 } : given(edit));
      return missing.length === 0 ? done(null) : failed(UNKNOWN);
    },
    "account/updateMany": async ({ accountIds, ...edit }) => {
      const missing = await accounts.update([...new Set(accountIds)], given(edit));
      return missing.length === 0 ? done(null) : failed(`${UNKNOWN}: ${missing.slice(0, 5).join(", ")}`);
    },
    "account/delete": async ({ accountId }) => ((await accounts.remove(accountId)) ? done(null) : failed(UNKNOWN)),
    "account/import": async ({ contents, content, names }) => {
      const files = contents.map((text, at) => ({ content: text, name: names[at] }));
      const result = await importFiles(typeof content === "string" ? [...files, { content }] : files);
      return done({ ...result, errors: [...result.errors], importedAccountIds: [...result.importedAccountIds] });
    },
  };
}

/** Without what was left out. */
function given(edit: { readonly [K in keyof AccountEdit]: AccountEdit[K] | undefined }): AccountEdit {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
}

export function accountItem(account: AccountView, now: number): ResultOf<"account/list">["items"][number] {
  const { state, reason, windowMinutes, since, until } = accountState(account, now);
  return {
    id: account.id,
    label: account.label,
    groupName: account.groupName,
    sort: account.sort,
    email: account.email,
    plan: account.facts.reading?.plan ?? account.plan,
    status: account.status,
    state,
    stateReason: reason,
    stateWindowMinutes: windowMinutes,
    stateSince: toSeconds(since),
    stateUntil: toSeconds(until),
    note: account.note,
    tags: [...account.tags],
    priority: account.priority,
    mark: account.mark,
    maxInflight: account.maxInflight,
    createdAt: toSeconds(account.createdAt),
    updatedAt: toSeconds(account.updatedAt),
  };
}
