// The gateway as the rest of the program sees it: takes over a connection, and can be drained. Puts the parts together
// that the stages share.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Failure } from "../contract/failure.ts";
import { Crowd } from "../kit/crowd.ts";
import type { PoolView } from "../pool/pool.ts";
import { parseUpstreamAddress } from "../upstream/address.ts";
import { chatgptHeaders } from "../upstream/chatgpt/headers.ts";
import { fetchModels, type ModelRow } from "../upstream/chatgpt/models.ts";
import type { ClientProtocol } from "../wire/protocol.ts";
import { responses } from "../wire/responses/index.ts";
import { serveAside } from "./aside/aside.ts";
import { assembleParts, type GatewayDeps } from "./assemble-parts.ts";
import { Call, type CallRequest, type CallResponse } from "./call.ts";
import { Catalogues } from "./catalogue.ts";
import { answerCount } from "./count-tokens.ts";
import { explainModel, type ModelQuestion } from "./explain-model.ts";
import { explainRoute, type RouteAnswer, type RouteQuestion } from "./explain.ts";
import { gatewayFailure } from "./failures.ts";
import { headerPolicy, modelNames } from "./from-settings.ts";
import type { ResolvedModel } from "./model-names.ts";
import { answerModels, formatOfList, type ModelsParts } from "./models.ts";
import type { GatewayParts } from "./parts.ts";
import { serve } from "./pipeline.ts";
import { noProviders } from "./ports.ts";
import { knownTo } from "./providers/serving.ts";
import { refuse } from "./refuse.ts";
import { Roster } from "./roster.ts";
import { findTarget, type Route, type Target } from "./routes.ts";
import { settle } from "./settle.ts";
import { type FrameTurn, WebSockets } from "./websocket/web-sockets.ts";

export interface Gateway {
  /** Answers one request; the caller has nothing more to do with it. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Answers an upgrade: opens a WebSocket, or declines it. `head` is what came behind the request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Stops taking requests and waits for the running ones, at most `graceMs`; then breaks off what is left. */
  drain(graceMs: number): Promise<void>;
  /** The accounts with their facts as they are now. */
  readonly pool: PoolView;
  /** Which way a request would take now. Nothing is changed. */
  explain(question: RouteQuestion): Promise<RouteAnswer>;
  /** Which model a name would become now, and why. */
  explainModel(question: ModelQuestion): ResolvedModel;
  /** Models the pool can serve; `isForced` asks the upstream again. */
  models(isForced?: boolean): Promise<readonly ModelRow[]>;
  /** Asks the upstream for them again; false when no account answered. */
  refreshModels(): Promise<boolean>;
}

export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const { clock, settings } = deps;
  const roster = new Roster({
    accounts: deps.accounts,
    facts: deps.facts,
    metrics: deps.metrics,
    clock,
  });
  await roster.open();
  const catalogues = new Catalogues({
    roster,
    now: () => clock.now(),
    fetch: async (account, clientVersion) => {
      const current = await deps.tokens.current(account.id);
      if (!current.ok) return null;
      const address = parseUpstreamAddress(settings().gateway.upstreamUrl);
      const headers = chatgptHeaders({
        rawHeaders: [],
        isNative: false,
        accessToken: current.token.value,
        chatgptAccountId: account.chatgptAccountId,
        sessionId: null,
        keepsTurnState: false,
        policy: headerPolicy(settings(), deps.version),
      });
      const dispatcher = deps.transport.dispatcherFor(account.id, address.origin);
      return fetchModels({ dispatcher, address, clientVersion, headers });
    },
  });
  return new PoolGateway(deps, roster, catalogues);
}

const shuttingDown = gatewayFailure("shutting_down", "The gateway is shutting down.");

class PoolGateway implements Gateway {
  readonly #deps: GatewayDeps;
  readonly #roster: Roster;
  readonly #catalogues: Catalogues;
  readonly #parts: GatewayParts;
  readonly #active = new Crowd<Call>();
  readonly #webSockets: WebSockets;
  #whenIdle: (() => void) | null = null;
  #isDraining = false;

  constructor(deps: GatewayDeps, roster: Roster, catalogues: Catalogues) {
    this.#deps = deps;
    this.#roster = roster;
    this.#catalogues = catalogues;
    this.#parts = assembleParts(deps, roster, catalogues);
    const { clock, settings, keys } = deps;
    const etagFor = (version: string): string | null => catalogues.etagFor(version);
    this.#webSockets = new WebSockets({ clock, settings, keys, etagFor, serve: (turn) => this.#serveFrame(turn) });
  }

  get #modelsParts(): ModelsParts {
    const { keys, settings } = this.#deps;
    const aliasNames = () => modelNames(settings()).aliases.map(({ pattern }) => pattern);
    return {
      keys,
      catalogues: this.#catalogues,
      aliasNames: () => aliasNames().filter((pattern) => !pattern.includes("*")),
      providerModels: () => this.#parts.serving.names(),
      isOfProvider: (model) => this.#parts.serving.isNamed(model),
      resolveModel: (name) => this.#parts.resolveModel(name, false),
    };
  }

  get pool(): PoolView {
    return this.#roster;
  }

  explain(question: RouteQuestion): Promise<RouteAnswer> {
    const { settings, clock } = this.#deps;
    const { bindings } = this.#parts;
    return explainRoute(question, {
      pool: this.#roster.pool,
      findBound: async (name) => (bindings.recall(name) ?? (await bindings.find(name)))?.accountId ?? null,
      settings: settings(),
      knownModels: knownTo(this.#parts.serving, this.#catalogues.known),
      serving: this.#parts.serving,
      providers: this.#deps.providers ?? noProviders,
      now: clock.now(),
    });
  }

  explainModel(question: ModelQuestion): ResolvedModel {
    return explainModel(question, {
      settings: this.#deps.settings(),
      knownModels: knownTo(this.#parts.serving, this.#catalogues.known),
    });
  }

  async models(isForced = false): Promise<readonly ModelRow[]> {
    return (await this.#catalogues.get(undefined, isForced))?.models ?? [];
  }

  refreshModels(): Promise<boolean> {
    return this.#catalogues.refresh();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const target = findTarget(request.url ?? "/");
    const call = this.#begin(request, response, target);
    const protocol = target.route?.protocol ?? responses;
    if (this.#isDraining) return this.#refuse(call, shuttingDown, protocol);
    if (target.route === null) return void this.#answerAside(call, target);
    if (request.method === "HEAD") {
      response.writeHead(200, { "content-type": "application/json" }).end();
      return;
    }
    const { method } = target.route;
    if (request.method !== method) {
      const message = `${target.path} takes ${method}, not ${request.method}.`;
      return this.#refuse(call, gatewayFailure("method_not_allowed", message), protocol);
    }
    void this.#answer(call, target, target.route);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#webSockets.upgrade(request, socket, head);
  }

  async drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    const areClosed = this.#webSockets.drain();
    if (graceMs > 0) await this.#finish(areClosed, graceMs);
    for (const call of this.#active.all()) call.response.destroy();
    this.#webSockets.breakOff();
    this.#parts.tokenCounter.close();
    this.#roster.close();
  }

  /** Waits until nothing runs any more and all WebSockets are closed, at most so long. */
  async #finish(areClosed: Promise<void>, graceMs: number): Promise<void> {
    const idle = Promise.withResolvers<void>();
    const grace = Promise.withResolvers<void>();
    this.#whenIdle = idle.resolve;
    if (this.#active.size === 0) idle.resolve();
    const timer = this.#deps.clock.timer(graceMs, grace.resolve);
    await Promise.race([Promise.all([idle.promise, areClosed]), grace.promise]);
    timer.cancel();
  }

  #begin(request: CallRequest, response: CallResponse, target: Target): Call {
    const call = new Call(request, response, this.#deps.clock.now());
    call.record.path = target.path;
    call.record.protocol = target.route?.protocol.name ?? responses.name;
    this.#active.add(call);
    response.on("close", () => this.#ended(call));
    return call;
  }

  /** A frame goes the way of every request; one that cannot be understood is told so in the same form. */
  async #serveFrame({ request, response, target, route, fault }: FrameTurn): Promise<void> {
    const call = this.#begin(request, response, target);
    if (this.#isDraining) return this.#refuse(call, shuttingDown);
    if (fault === null) return this.#answer(call, target, route);
    this.#deps.metrics.requestStarted();
    this.#refuse(call, fault);
    settle({ call, committed: null, failure: fault }, this.#parts);
  }

  async #answerAside(call: Call, target: Target): Promise<void> {
    if (await serveAside(call, target, this.#parts)) return;
    this.#refuse(call, gatewayFailure("not_found", `There is nothing at ${target.path}.`));
  }

  async #answer(call: Call, target: Target, route: Route): Promise<void> {
    this.#deps.metrics.requestStarted();
    this.#limitTime(call);
    if (route.operation !== "models" && route.operation !== "count") return serve(call, target, route, this.#parts);
    const failure =
      route.operation === "count"
        ? await answerCount(call, { target, route }, this.#parts)
        : await answerModels(call, target, this.#modelsParts);
    const protocol = route.operation === "models" ? formatOfList(call, route) : route.protocol;
    if (failure !== null) refuse(call, protocol, failure, this.#deps.clock.now());
    settle({ call, committed: null, failure }, this.#parts);
  }

  #limitTime(call: Call): void {
    const { settings, clock } = this.#deps;
    const limitMs = settings().gateway.totalTimeoutMs;
    if (limitMs === 0) return;
    const timer = clock.timer(limitMs, () => call.expire());
    call.response.on("close", () => timer.cancel());
  }

  #refuse(call: Call, failure: Failure, protocol: ClientProtocol = responses): void {
    refuse(call, protocol, failure, this.#deps.clock.now());
  }

  #ended(call: Call): void {
    this.#active.remove(call);
    if (this.#active.size === 0) this.#whenIdle?.();
  }
}
