// One gateway over one simulated world, and the real Codex that is sent through it: what every scenario starts from.

import { onTestFinished } from "vitest";
import type { DemoAccount, World } from "../../../src/demo/index.ts";
import { CLIENT_API_KEY, type CodexHome, createHome } from "./codex-home.ts";
import { type Gateway, type GatewayTerms, openGateway, type ServedRequest } from "../open-gateway.ts";
import { type CodexRun, runCodex } from "./run-codex.ts";
import { type Client, classicModel } from "./versions.ts";

export interface StageTerms extends GatewayTerms {
  /** Default: a classic one that the client knows. */
  readonly model?: string;
  /** The client is told that the gateway is the whole ChatGPT backend, not only where its models are. */
  readonly isWholeBackend?: boolean;
  /** More lines for the top level of config.toml. */
  readonly config?: readonly string[];
  /** More lines for the provider's table; used by the way "provider". */
  readonly provider?: readonly string[];
}

export interface Stage {
  readonly world: World;
  /** The pool in its order. */
  readonly accounts: readonly DemoAccount[];
  readonly home: CodexHome;
  /** Another home of the same client, as if on another machine. */
  anotherHome(): Promise<CodexHome>;
  /** `codex exec` with these arguments, in the first home unless told otherwise. */
  codex(args: readonly string[], home?: CodexHome): Promise<CodexRun>;
  /** The model requests the gateway has answered, as its log has them, oldest first. */
  served(): Promise<readonly ServedRequest[]>;
  /** What the client itself holds and no upstream may see. */
  readonly secrets: readonly string[];
  /** Names of the accounts whose upstream took a model request, in order. */
  upstreamAccounts(): readonly string[];
}

const TIMEOUT_MS = 60_000;

/** Everything is taken apart when the test is over. */
export async function openStage(client: Client, terms: StageTerms = {}): Promise<Stage> {
  const gateway = await openGateway(terms);
  onTestFinished(() => gateway.close());
  const { world } = gateway;
  const login = world.addAccount({ name: "client-itself" }).authJson();
  const newHome = async (): Promise<CodexHome> => {
    const model = terms.model ?? classicModel(client);
    const { origin, key } = gateway;
    const backend = `${terms.isWholeBackend === true ? `${origin}/k/${key}` : world.origin}/backend-api`;
    const { config, provider } = terms;
    const home = await createHome({ ...client, model, gateway: origin, key, backend, login, config, provider });
    onTestFinished(() => home.remove());
    return home;
  };
  const home = await newHome();
  return {
    world,
    accounts: gateway.accounts,
    home,
    anotherHome: newHome,
    codex: (args, at = home) => {
      const { key } = gateway;
      return runCodex({ script: client.script, home: at, key, issuer: world.issuerUrl, args, timeoutMs: TIMEOUT_MS });
    },
    served: () => servedTurns(gateway),
    secrets: [gateway.key, login.tokens.access_token, login.tokens.account_id, CLIENT_API_KEY],
    upstreamAccounts: () => world.turns().map((request) => request.account?.name ?? "unknown"),
  };
}

async function servedTurns(gateway: Gateway): Promise<readonly ServedRequest[]> {
  return (await gateway.served()).filter((request) => /\/responses(?:\/compact)?$/.test(request.path));
}
