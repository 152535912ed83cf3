// Asks the upstream how much each account has used, several accounts at a time, and keeps the answers as readings.
// Trouble on the way changes nothing about an account; only the upstream's plain word that it is deactivated does.

import type { AccessToken, TokenResult } from "../upstream/access-token.ts";
import type { Clock } from "../kit/clock.ts";
import type { AccountFacts, PoolAccount, Reading } from "../pool/account.ts";
import { afterReading } from "../pool/transitions.ts";
import type { UsageAnswer, UsageReader } from "../upstream/chatgpt/usage.ts";

export interface UsageRefreshOptions {
  readonly source: {
    find(accountId: string): PoolAccount | null;
    list(): readonly PoolAccount[];
    changeFacts(accountId: string, change: (facts: AccountFacts) => AccountFacts): void;
  };
  readonly tokens: {
    current(accountId: string): Promise<TokenResult>;
    renew(accountId: string, rejected: AccessToken): Promise<TokenResult>;
  };
  readonly reader: UsageReader;
  readonly history: { recordReading(accountId: string, reading: Reading): void };
  readonly clock: Clock;
  /** How many accounts are asked about at once; read at each round. */
  readonly workers: () => number;
}

export interface UsageReport {
  readonly refreshed: readonly string[];
  readonly failed: readonly { readonly accountId: string; readonly message: string }[];
}

export interface UsageRefresh {
  /**
   * Never rejects for an account's trouble. Without ids: all accounts. Unknown ids are passed over. Once the signal aborts
   * nobody more is asked. An account is never asked about twice at once: whoever comes second waits for the same answer.
   */
  refresh(accountIds?: readonly string[], signal?: AbortSignal): Promise<UsageReport>;
  /** One account, by a question that is asked after this call and not one that is under way. */
  reread(accountId: string): Promise<UsageReport>;
}

export function createUsageRefresh(options: UsageRefreshOptions): UsageRefresh {
  const { source } = options;
  const readOne = usageOfOne(options);
  /** Accounts that are being asked about. */
  const underWay = new Map<string, Promise<string | null>>();

  /** Null when a reading was taken, else why not. */
  function refreshOne(account: PoolAccount): Promise<string | null> {
    const running = underWay.get(account.id);
    if (running !== undefined) return running;
    const asked = readOne(account).finally(() => underWay.delete(account.id));
    underWay.set(account.id, asked);
    return asked;
  }

  async function refresh(accountIds?: readonly string[], signal?: AbortSignal): Promise<UsageReport> {
    const accounts = accountIds?.flatMap((id) => source.find(id) ?? []) ?? source.list();
    const queue = accounts.values();
    const refreshed: string[] = [];
    const failed: { accountId: string; message: string }[] = [];
    const work = async () => {
      for (const account of queue) {
        if (signal?.aborted) return;
        const message = await refreshOne(account);
        if (message === null) refreshed.push(account.id);
        else failed.push({ accountId: account.id, message });
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, options.workers()) }, work));
    return { refreshed, failed };
  }

  return {
    refresh,
    async reread(accountId) {
      await underWay.get(accountId)?.catch(() => null);
      return refresh([accountId]);
    },
  };
}

/** Reads one account; null when a reading was taken, else why not. */
function usageOfOne(options: UsageRefreshOptions): (account: PoolAccount) => Promise<string | null> {
  const { source, tokens, reader, history, clock } = options;

  function ask({ id, chatgptAccountId }: PoolAccount, token: AccessToken): Promise<UsageAnswer> {
    return reader.read({ accountId: id, accessToken: token.value, chatgptAccountId }, clock.now());
  }

  function keep({ id, label }: PoolAccount, answer: UsageAnswer): string | null {
    if (answer.kind === "unreachable") return answer.message;
    if (answer.kind === "read") {
      source.changeFacts(id, (facts) => answer.readings.reduce(afterReading, facts));
      for (const reading of answer.readings) history.recordReading(id, reading);
      return null;
    }
    if (answer.code === "account_deactivated") {
      const login = { state: "deactivated", code: answer.code, since: clock.now() } as const;
      source.changeFacts(id, (facts) => ({ ...facts, login }));
    }
    return `the usage of ${label} may not be read (${answer.status}${answer.code ? ` ${answer.code}` : ""})`;
  }

  return async (account) => {
    let result = await tokens.current(account.id);
    if (!result.ok) return result.failure.message;
    let answer = await ask(account, result.token);
    if (answer.kind === "unauthorized" && answer.status === 401 && answer.code !== "account_deactivated") {
      result = await tokens.renew(account.id, result.token);
      if (!result.ok) return result.failure.message;
      answer = await ask(account, result.token);
    }
    return keep(account, answer);
  };
}
