// The gateway alone over the simulated world: accounts, tokens and bindings live in memory, so that a test sees nothing
// but the way of a request.

import { hash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defaultSettings, type Settings } from "../../src/contract/settings/table.ts";
import type { Provider } from "../../src/contract/provider.ts";
import { type DemoAccount, startWorld, type World, type WorldOptions } from "../../src/demo/index.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import type { RequestRow } from "../../src/contract/request-row.ts";
import { type AdmittedKey, type Binding, noKeyLimits } from "../../src/gateway/ports.ts";
import type { TokenResult } from "../../src/upstream/access-token.ts";
import { type Clock, systemClock } from "../../src/kit/clock.ts";
import { freshFacts, plainLogin, type PoolAccount } from "../../src/pool/account.ts";
import { createTransport } from "../../src/upstream/transport.ts";

export const KEY = "a".repeat(64);

export interface BareGatewayOptions {
  /** Names of the accounts, in the user's order. */
  readonly accounts?: readonly string[];
  /** Each with one account, whose key is `sk-` and the provider's name; they stand behind the logins. */
  readonly providers?: readonly Provider[];
  readonly gateway?: Partial<Settings["gateway"]>;
  readonly routing?: Partial<Settings["routing"]>;
  readonly models?: Partial<Settings["models"]>;
  readonly key?: Partial<AdmittedKey>;
  readonly clock?: Clock;
  readonly world?: WorldOptions;
  /** Stands between the gateway and the world; gets the world's address, gives its own. */
  readonly upstream?: (worldUrl: string) => Promise<string>;
}

export interface BareGateway {
  readonly url: string;
  readonly world: World;
  readonly accounts: readonly DemoAccount[];
  readonly rows: readonly RequestRow[];
  /** The row of the `count`-th finished request, waited for. */
  row(count: number): Promise<RequestRow>;
  /** As when the service goes down, with so much time for what runs. */
  drain(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function startBareGateway(options: BareGatewayOptions = {}): Promise<BareGateway> {
  const world = await startWorld(options.world);
  const accounts = (options.accounts ?? ["ann"]).map((name) => world.addAccount({ name }));
  const providers = options.providers ?? [];
  const rows = new Rows();
  const transport = createTransport({ connectTimeoutMs: 5000, proxies: [], environment: {} });
  const bindings = new Map<string, Binding>();
  const upstreamUrl = (await options.upstream?.(world.chatgptUrl)) ?? world.chatgptUrl;
  const settings: Settings = {
    ...defaultSettings,
    gateway: { ...defaultSettings.gateway, upstreamUrl, ...options.gateway },
    routing: { ...defaultSettings.routing, ...options.routing },
    models: { ...defaultSettings.models, ...options.models },
  };
  const plainKey = { id: "gk_1", name: "test", isEnabled: true, model: null, reasoningEffort: null, ...noKeyLimits };
  const key = { ...plainKey, ...options.key };
  const gateway = await createGateway({
    clock: options.clock ?? systemClock,
    settings: () => settings,
    accounts: {
      load: async () => [...accounts.map(toPoolAccount), ...providers.map(toKeyAccount)],
      onChange: () => () => {},
    },
    providers: { list: () => providers, find: (id) => providers.find((provider) => provider.id === id) ?? null },
    facts: { save: () => {} },
    tokens: tokensOf(accounts),
    bindings: {
      find: async (conversation) => bindings.get(conversation) ?? null,
      save: (binding) => void bindings.set(binding.conversation, binding),
    },
    keys: { findByHash: (digest) => (digest === hash("sha256", KEY) ? key : null), touch: () => {} },
    requests: rows,
    traceLog: { line: () => {} },
    metrics: silentMetrics,
    transport,
    version: "0.0.0",
    reportBug: (error) => {
      throw error;
    },
  });
  const server = createServer((request, response) => gateway.handle(request, response));
  server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    accounts,
    rows: rows.all,
    row: (count) => rows.wait(count),
    drain: (graceMs) => gateway.drain(graceMs),
    async close() {
      await gateway.drain(0);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await transport.close();
      await world.close();
    },
  };
}

const silentMetrics = {
  requestStarted: () => {},
  requestEnded: () => {},
  attemptEnded: () => {},
  failedOver: () => {},
  cooldownMarked: () => {},
  inflightChanged: () => {},
};

class Rows {
  readonly all: RequestRow[] = [];
  readonly #waiting: Array<() => void> = [];

  record(row: RequestRow): void {
    this.all.push(row);
    for (const look of this.#waiting.splice(0)) look();
  }

  async wait(count: number): Promise<RequestRow> {
    while (this.all.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.all[count - 1] as RequestRow;
  }
}

function toPoolAccount(account: DemoAccount, place: number): PoolAccount {
  return {
    id: account.name,
    label: account.email,
    upstream: "chatgpt",
    sort: place,
    isEnabled: true,
    plan: account.plan,
    ...plainLogin,
    chatgptAccountId: account.accountId,
    facts: freshFacts,
  };
}

/** The account that holds the key of a provider has its name. */
function toKeyAccount({ id, name, kind, terms }: Provider, place: number): PoolAccount {
  const known = { ...plainLogin, providerId: id, isPaid: terms.isPaid, plan: null, chatgptAccountId: id };
  return { id: name, label: name, upstream: kind, sort: 100 + place, isEnabled: true, ...known, facts: freshFacts };
}

/** Tokens as the world issues them, and keys for all others; renewing takes the newest sign-in of the account. */
function tokensOf(accounts: readonly DemoAccount[]) {
  const tokens = new Map(accounts.map((account) => [account.name, account.authJson().tokens.access_token]));
  const result = (accountId: string): TokenResult => ({
    ok: true,
    token: { accountId, value: tokens.get(accountId) ?? `sk-${accountId}`, expiresAt: null },
  });
  return {
    current: async (accountId: string) => result(accountId),
    renew: async (accountId: string) => {
      const account = accounts.find(({ name }) => name === accountId);
      if (account !== undefined) tokens.set(accountId, account.signIn().tokens.access_token);
      return result(accountId);
    },
  };
}
