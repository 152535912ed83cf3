// The real service over a simulated world, worked from outside only: accounts and keys over HTTP at /rpc, turns at the
// gateway. It can be stopped and started again on the same data directory.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ResultOf } from "../../src/contract/rpc/table.ts";
import type { DemoAccount, World, WorldOptions } from "../../src/demo/index.ts";
import { startWorld } from "../../src/demo/index.ts";
import type { AttemptRow } from "../../src/contract/request-row.ts";
import type { Running, RunningOptions } from "../e2e/running-service.ts";
import { runService } from "../e2e/running-service.ts";
import type { TurnEnd, TurnOptions } from "../gateway/turn.ts";
import { sendTurn } from "../gateway/turn.ts";
import type { CallRpc } from "./rpc.ts";
import { rpcAt } from "./rpc.ts";

/** Nothing asks the upstream but what a test sends. */
const quiet = {
  CODEXMANAGER_USAGE_POLLING_ENABLED: "0",
  CODEXMANAGER_GATEWAY_KEEPALIVE_ENABLED: "0",
  CODEXMANAGER_TOKEN_REFRESH_POLLING_ENABLED: "0",
};

export type LoggedRow = ResultOf<"requestlog/list">["items"][number] & { readonly attempts: readonly AttemptRow[] };

export interface PooledOptions extends Pick<RunningOptions, "env" | "clock" | "log"> {
  readonly world?: WorldOptions;
}

export async function startPooled({ env, world: worldOptions, ...options }: PooledOptions = {}): Promise<Pooled> {
  const world = await startWorld(worldOptions);
  const directory = mkdtempSync(join(tmpdir(), "cxm-faults-"));
  const start = () => runService({ ...options, env: { ...quiet, ...env }, world, directory });
  const pooled = new Pooled(world, directory, start);
  await pooled.open();
  return pooled;
}

export class Pooled {
  readonly world: World;
  readonly directory: string;
  readonly rpc: CallRpc;
  /** The secret of a platform key. */
  key = "";
  readonly #start: () => Promise<Running>;
  #running: Running | null = null;
  /** Under which id the service knows an account. */
  readonly #ids = new Map<DemoAccount, string>();
  #named = 0;
  /** Turns since the request log was emptied. */
  #sent = 0;

  constructor(world: World, directory: string, start: () => Promise<Running>) {
    this.world = world;
    this.directory = directory;
    this.#start = start;
    this.rpc = rpcAt(() => this.#service);
  }

  async open(): Promise<void> {
    this.#running = await this.#start();
    this.key = (await this.rpc("apikey/create")).key;
  }

  get url(): string {
    return this.#service.url;
  }

  get port(): number {
    return this.#service.port;
  }

  /** Takes out all accounts, brings in so many new ones in order, and empties the request log. */
  async refill(count: number): Promise<DemoAccount[]> {
    const { items } = await this.rpc("account/list");
    for (const { id } of items) await this.rpc("account/delete", { accountId: id });
    this.#ids.clear();
    const accounts = Array.from({ length: count }, () =>
      this.world.addAccount({ name: `account${(this.#named += 1)}` }),
    );
    await this.import(accounts);
    await this.rows(this.#sent);
    await this.forgetRows();
    this.world.forgetRequests();
    return accounts;
  }

  async import(accounts: readonly DemoAccount[]): Promise<void> {
    const contents = accounts.map((account) => JSON.stringify(account.authJson()));
    const { importedAccountIds } = await this.rpc("account/import", { contents });
    for (const [at, account] of accounts.entries()) this.#ids.set(account, importedAccountIds[at] ?? "");
  }

  idOf(account: DemoAccount): string {
    return this.#ids.get(account) ?? "";
  }

  /** What stands in the way of each account, in order: the refusal's code or a state; `free` when nothing does. */
  async states(): Promise<string[]> {
    const { items } = await this.rpc("account/list");
    return items.map(({ state, stateReason }) => {
      if (state === "cooling" || state === "exhausted") return stateReason ?? state;
      return state === "ready" || state === "unknown" ? "free" : state;
    });
  }

  /** A turn of a conversation of its own unless `thread` says otherwise. */
  turn({ thread = `thread-${(this.#named += 1)}`, headers, ...turn }: TurnOptions = {}): Promise<TurnEnd> {
    this.#sent += 1;
    return sendTurn(this.url, { ...turn, thread, headers: { authorization: `Bearer ${this.key}`, ...headers } });
  }

  /** All rows of the request log once there are `count`, oldest first. */
  async rows(count: number): Promise<LoggedRow[]> {
    for (;;) {
      const { items } = await this.rpc("requestlog/list");
      if (items.length >= count) return (items as LoggedRow[]).toReversed();
    }
  }

  async forgetRows(): Promise<void> {
    await this.rpc("requestlog/clear");
    this.#sent = 0;
  }

  /** The tries of the last turn: the account's place and why it came to nothing. */
  async story(): Promise<string[]> {
    const row = (await this.rows(this.#sent)).at(-1);
    const place = (accountId: string) => [...this.#ids.values()].indexOf(accountId) + 1;
    return (row?.attempts ?? []).map(({ accountId, code }) => `${place(accountId)} ${code ?? "ok"}`);
  }

  /** Stops the service and starts another on the same data directory. */
  async restart(): Promise<void> {
    await this.#running?.close();
    this.#running = await this.#start();
  }

  async close(): Promise<void> {
    await this.#running?.close();
    await this.world.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  get #service(): Running["service"] {
    if (this.#running === null) throw new Error("the service was not started");
    return this.#running.service;
  }
}
