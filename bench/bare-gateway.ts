// All seven stages of the gateway with everything around them in memory: no store, no log, no guards. Shows what of the
// product's cost is the way of the request itself.

import { hash } from "node:crypto";
import { createServer } from "node:http";

import { defaultSettings } from "../src/contract/settings/table.ts";
import type { GatewayDeps } from "../src/gateway/assemble-parts.ts";
import { createGateway } from "../src/gateway/gateway.ts";
import { noKeyLimits } from "../src/gateway/ports.ts";
import { systemClock } from "../src/kit/clock.ts";
import { freshFacts, plainLogin } from "../src/pool/account.ts";
import { createTransport } from "../src/upstream/transport.ts";
import { answerQuestions } from "./ask.ts";
import type { StartQuestions } from "./subject.ts";

const ACCOUNTS = 10;
const nothing = (): void => {};

function ports(upstreamPort: number, secret: string): GatewayDeps {
  const upstreamUrl = `http://127.0.0.1:${upstreamPort}/backend-api/codex`;
  const settings = { ...defaultSettings, gateway: { ...defaultSettings.gateway, upstreamUrl } };
  const secretHash = hash("sha256", secret);
  const key = { id: "key", name: "bench", isEnabled: true, model: null, reasoningEffort: null, ...noKeyLimits };
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => ({
    id: `account-${index}`,
    label: `account ${index}`,
    upstream: "chatgpt" as const,
    sort: index,
    isEnabled: true,
    plan: "plus",
    ...plainLogin,
    chatgptAccountId: `account-${index}`,
    facts: freshFacts,
  }));
  const tokenOf = (accountId: string) => ({ accountId, value: "a".repeat(1600), expiresAt: null });
  return {
    clock: systemClock,
    settings: () => settings,
    accounts: { load: async () => accounts, onChange: () => nothing },
    facts: { save: nothing },
    tokens: {
      current: async (accountId) => ({ ok: true, token: tokenOf(accountId) }),
      renew: async (accountId) => ({ ok: true, token: tokenOf(accountId) }),
    },
    bindings: { find: async () => null, save: nothing },
    keys: { findByHash: (given) => (given === secretHash ? key : null), touch: nothing },
    requests: { record: nothing },
    traceLog: { line: nothing },
    metrics: {
      requestStarted: nothing,
      requestEnded: nothing,
      attemptEnded: nothing,
      failedOver: nothing,
      cooldownMarked: nothing,
      inflightChanged: nothing,
    },
    transport: createTransport({ connectTimeoutMs: 5000, proxies: [], environment: {} }),
    version: "bench",
    reportBug: (error) => console.error(error),
  };
}

const questions: StartQuestions = {
  async start({ upstreamPort, secret }) {
    const gateway = await createGateway(ports(upstreamPort, secret));
    const server = createServer((request, response) => gateway.handle(request, response));
    return new Promise((resolve) => {
      const options = { port: 0, host: "127.0.0.1", backlog: 8192 };
      server.listen(options, () => resolve({ port: (server.address() as { port: number }).port }));
    });
  },
};

answerQuestions(questions);
