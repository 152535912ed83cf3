// The real service over a simulated world, worked from outside only: accounts and keys over HTTP at /rpc, turns at the
// gateway. It can be stopped and started again on the same data directory.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TOKEN_HEADER } from "../../src/contract/rpc/envelope.ts";
import type { InputOf, MethodName, ResultOf } from "../../src/contract/rpc/table.ts";
import type { AccountOptions, DemoAccount, World, WorldOptions } from "../../src/demo/index.ts";
import { startWorld } from "../../src/demo/index.ts";
import type { AttemptRow } from "../../src/gateway/ports.ts";
import type { Running, RunningOptions } from "../e2e/running-service.ts";
import { runService } from "../e2e/running-service.ts";
import type { TurnEnd, TurnOptions } from "../gateway/turn.ts";
import { sendTurn } from "../gateway/turn.ts";

/** Nothing asks the upstream but what a test sends. */
const quiet = {
  CODEXMANAGER_USAGE_POLLING_ENABLED: "0",
  CODEXMANAGER_GATEWAY_KEEPALIVE_ENABLED: "0",
  CODEXMANAGER_TOKEN_REFRESH_POLLING_ENABLED: "0",
};

export type LoggedRow = ResultOf<"requestlog/list">["items"][number] & { readonly attempts: readonly AttemptRow[] };

export interface Pooled {
  readonly world: World;
  readonly directory: string;
  readonly url: string;
  readonly port: number;
  /** The secret of a platform key. */
  readonly key: string;
  /** Over HTTP; throws when the method tells a failure. */
  rpc<M extends MethodName>(method: M, params?: InputOf<M>): Promise<ResultOf<M>>;
  /** Takes out all accounts, brings in new ones in this order, and empties the request log. */
  refill(accounts: number | readonly AccountOptions[]): Promise<DemoAccount[]>;
  import(accounts: readonly DemoAccount[]): Promise<void>;
  /** The id under which the service knows an account. */
  idOf(account: DemoAccount): string;
  /** What the account list says of each account, in order. */
  states(): Promise<string[]>;
  /** A turn of a conversation of its own unless `thread` says otherwise. */
  turn(options?: TurnOptions): Promise<TurnEnd>;
  /** The newest rows of the request log once there are `count`, oldest first. */
  rows(count: number): Promise<LoggedRow[]>;
  /** The tries of the last turn: the account's place and why it came to nothing. */
  story(): Promise<string[]>;
  /** Stops the service and starts another on the same data directory. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface PooledOptions extends Pick<RunningOptions, "env" | "clock" | "log"> {
  readonly world?: WorldOptions;
}

export async function startPooled({ env, world: worldOptions, ...options }: PooledOptions = {}): Promise<Pooled> {
  const world = await startWorld(worldOptions);
  const directory = mkdtempSync(join(tmpdir(), "cxm-faults-"));
  const start = () => runService({ ...options, env: { ...quiet, ...env }, world, directory });
  let running: Running = await start();
  const ids = new Map<DemoAccount, string>();
  let named = 0;
  let sent = 0;

  async function rpc<M extends MethodName>(method: M, params?: InputOf<M>): Promise<ResultOf<M>> {
    const answer = await running.fetch("/rpc", {
      method: "POST",
      headers: { "content-type": "application/json", [TOKEN_HEADER]: running.service.token },
      body: JSON.stringify({ id: 1, method, params }),
    });
    const { result } = (await answer.json()) as { result: ResultOf<M> & { error?: string } };
    if (answer.status !== 200 || result.error !== undefined) {
      throw new Error(`${method}: ${answer.status} ${result.error ?? ""}`);
    }
    return result;
  }

  async function bringIn(accounts: readonly DemoAccount[]): Promise<void> {
    const contents = accounts.map((account) => JSON.stringify(account.authJson()));
    const { importedAccountIds } = await rpc("account/import", { contents });
    for (const [at, account] of accounts.entries()) ids.set(account, importedAccountIds[at] ?? "");
  }

  async function rows(count: number): Promise<LoggedRow[]> {
    for (;;) {
      const { items } = await rpc("requestlog/list");
      if (items.length >= count) return (items as LoggedRow[]).toReversed();
    }
  }

  const { key } = await rpc("apikey/create");
  return {
    world,
    directory,
    key,
    get url() {
      return running.service.url;
    },
    get port() {
      return running.service.port;
    },
    rpc,
    async refill(wanted) {
      const options = typeof wanted === "number" ? Array.from({ length: wanted }, () => ({})) : wanted;
      for (const { id } of (await rpc("account/list")).items) await rpc("account/delete", { accountId: id });
      ids.clear();
      const accounts = options.map((each) => world.addAccount({ name: `account${++named}`, ...each }));
      await bringIn(accounts);
      await rows(sent);
      await rpc("requestlog/clear");
      sent = 0;
      world.forgetRequests();
      return accounts;
    },
    import: bringIn,
    idOf: (account) => ids.get(account) ?? "",
    states: async () => (await rpc("account/list")).items.map(({ state }) => state),
    turn({ thread = `thread-${++named}`, headers, ...turn } = {}) {
      sent += 1;
      return sendTurn(running.service.url, {
        ...turn,
        thread,
        headers: { authorization: `Bearer ${key}`, ...headers },
      });
    },
    rows,
    async story() {
      const row = (await rows(sent)).at(-1);
      const place = (accountId: string) => [...ids.values()].indexOf(accountId) + 1;
      return (row?.attempts ?? []).map(({ accountId, code }) => `${place(accountId)} ${code ?? "ok"}`);
    },
    async restart() {
      await running.close();
      running = await start();
    },
    async close() {
      await running.close();
      await world.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
