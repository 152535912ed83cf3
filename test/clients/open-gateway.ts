// The real service over a simulated world, as the scenarios see it: its address, its pool, its request log.

import type { DemoAccount, World } from "../../src/demo/index.ts";
import type { Running } from "../e2e/running-service.ts";
import { runService } from "../e2e/running-service.ts";

export interface GatewayTerms {
  /** How many accounts the pool has; default 2. They are called "acc0", "acc1" and so on. */
  readonly poolSize?: number;
  /** How new conversations choose; default "ordered". */
  readonly strategy?: "ordered" | "balanced";
  /** Default true. */
  readonly acceptsWebSockets?: boolean;
}

/** A line of the request log, as far as it is looked at. Accounts are told by their names in the world. */
export interface ServedRequest {
  /** "POST", or "WS" for a frame of a WebSocket. */
  readonly method: string;
  readonly path: string;
  readonly statusCode: number;
  readonly account: string | null;
  readonly errorCode: string | null;
  readonly routeReason: string | null;
  /** Upstream status and account of every try, in order: "429 acc0". */
  readonly attempts: readonly string[];
}

export interface Gateway {
  readonly origin: string;
  /** A platform key. */
  readonly key: string;
  readonly world: World;
  /** The pool in its order. */
  readonly accounts: readonly DemoAccount[];
  /** The request log, oldest first. */
  served(): Promise<readonly ServedRequest[]>;
  close(): Promise<void>;
}

export async function openGateway(terms: GatewayTerms): Promise<Gateway> {
  const { poolSize = 2, strategy = "ordered", acceptsWebSockets = true } = terms;
  const env = { CODEXMANAGER_ROUTE_STRATEGY: strategy, CODEXMANAGER_WEBSOCKETS: acceptsWebSockets ? "on" : "off" };
  const running = await runService({ env });
  const { world, service } = running;
  const accounts = Array.from({ length: poolSize }, (_, index) => world.addAccount({ name: `acc${index}` }));
  if (poolSize > 0) await running.importAccounts(accounts);
  const names = await namesById(running);
  return {
    origin: new URL(service.url).origin,
    key: await running.createKey(),
    world,
    accounts,
    served: () => readLog(running, names),
    close: () => running.close(),
  };
}

async function readLog({ service }: Running, names: ReadonlyMap<string, string>): Promise<readonly ServedRequest[]> {
  const { requests } = service.core;
  await requests.flush();
  const { items } = await requests.list({ limit: 1000 });
  const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id));
  return items.toReversed().map(({ method, path, statusCode, accountId, errorCode, routeReason, attempts }) => ({
    method,
    path,
    statusCode,
    account: nameOf(accountId),
    errorCode,
    routeReason,
    attempts: attempts.map((attempt) => `${attempt.status} ${nameOf(attempt.accountId)}`),
  }));
}

async function namesById(running: Running): Promise<ReadonlyMap<string, string>> {
  const { items } = await running.rpc("account/list");
  return new Map(items.map(({ id, label }) => [id, label.split("@", 1)[0] ?? label]));
}
