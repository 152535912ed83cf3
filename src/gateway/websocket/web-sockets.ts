// All WebSockets of clients: lets them in or declines them as HTTP would, and closes them when the gateway goes down.
// Facts: upon 426 Codex goes on over HTTP at once; `x-models-etag` in the handshake makes it keep or renew its catalogue,
// `x-reasoning-included` tells it that usage counts earlier reasoning.

import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Failure } from "../../contract/failure.ts";
import type { Settings } from "../../contract/settings/table.ts";
import type { Clock } from "../../kit/clock.ts";
import { Crowd } from "../../kit/crowd.ts";
import { responses } from "../../wire/responses/index.ts";
import { findKey } from "../admit.ts";
import { gatewayFailure, isFailure } from "../failures.ts";
import type { KeySource } from "../ports.ts";
import { isCodex } from "../recognise.ts";
import { clientVersion } from "../relay.ts";
import { findTarget, type Route, type Target } from "../routes.ts";
import { Connection, type FrameTurn } from "./connection.ts";
import { MemoryBudget } from "./conversation-memory.ts";
import { decline, refuseUpgrade } from "./decline.ts";
import { upgradeHeaders } from "./frame-headers.ts";

export type { FrameTurn } from "./connection.ts";

export interface WebSocketParts {
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly keys: KeySource;
  /** The etag of the model catalogue that clients of this version were given; null when they were given none. */
  etagFor(clientVersion: string): string | null;
  /** Serves one request that came as a frame; resolves when it is settled. */
  readonly serve: (turn: FrameTurn) => Promise<void>;
}

const SERVER = {
  noServer: true,
  clientTracking: false,
  // It costs each connection more memory than all else, and loopback gains nothing by it.
  perMessageDeflate: false,
  /** So long a client may take to close its side, ms. */
  closeTimeout: 1000,
};
/** Silence after which the operating system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 60_000;

const REASONING_INCLUDED = "x-reasoning-included";

const shuttingDown = gatewayFailure("shutting_down", "The gateway is shutting down.");

export class WebSockets {
  readonly #parts: WebSocketParts;
  readonly #connections = new Crowd<Connection>();
  readonly #budget = new MemoryBudget();
  readonly #server = new WebSocketServer(SERVER);
  /** What the upstream's answers say of how they count; Codex looks for it in the handshake. */
  #countsReasoning = false;
  #isDraining = false;
  #whenEmpty: (() => void) | null = null;

  constructor(parts: WebSocketParts) {
    this.#parts = parts;
    this.#server.on("headers", (headers, request) => {
      const etag = parts.etagFor(clientVersion(request.headers["user-agent"]));
      if (etag !== null) headers.push(`x-models-etag: ${etag}`);
      if (this.#countsReasoning) headers.push(`${REASONING_INCLUDED}: true`);
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { settings, keys, clock } = this.#parts;
    const { gateway } = settings();
    const target = findTarget(request.url ?? "/");
    const { route } = target;
    if (!gateway.acceptsWebSockets || route?.operation !== "respond" || route.protocol !== responses)
      return decline(socket);
    const key = findKey(target.key, request.headers, keys);
    const failure = this.#isDraining ? shuttingDown : isFailure(key) ? key : null;
    if (failure !== null) return refuseUpgrade(socket, failure, clock.now());
    if (socket instanceof Socket) socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#server.options.maxPayload = gateway.maxBodyBytes;
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const connection = new Connection(opened, this.#termsOf(request, target, route));
      this.#connections.add(connection);
      opened.on("close", () => this.#closed(connection));
    });
  }

  /** Lets in nobody more and closes what is idle now, the rest when it is; resolves when all are closed. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const connection of this.#connections.all()) connection.drain();
    if (this.#connections.size > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
  }

  /** Gives up what is left. */
  breakOff(): void {
    for (const connection of this.#connections.all()) connection.terminate();
  }

  #termsOf({ rawHeaders, headers }: IncomingMessage, target: Target, route: Route) {
    const { keys, clock, serve } = this.#parts;
    return {
      target,
      route,
      sharedHeaders: upgradeHeaders(rawHeaders),
      isCodex: isCodex(headers),
      budget: this.#budget,
      now: () => clock.now(),
      onHeaders: (answer: OutgoingHttpHeaders): void => {
        this.#countsReasoning ||= answer[REASONING_INCLUDED] !== undefined;
      },
      serve,
      whyNot: (shown: IncomingMessage["headers"]): Failure | null => {
        const key = findKey(target.key, shown, keys);
        return isFailure(key) ? key : null;
      },
    };
  }

  #closed(connection: Connection): void {
    this.#connections.remove(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }
}
