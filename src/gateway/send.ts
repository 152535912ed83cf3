// One request on its way to one account after the other: token, headers, body, dispatch, and what is learnt from a
// refusal. Used by the attempt stage alone.

import type { Failure, UpstreamAnswer } from "../contract/failure.ts";
import type { Clock } from "../kit/clock.ts";
import { freshFacts } from "../pool/account.ts";
import type { Candidate } from "../pool/candidates.ts";
import { judge } from "../pool/classify.ts";
import { isFree, mayProbe } from "../pool/eligibility.ts";
import { afterFailure, afterReading } from "../pool/transitions.ts";
import type { AccessToken } from "../upstream/access-token.ts";
import type { UpstreamAddress } from "../upstream/address.ts";
import { chatgptHeaders, type HeaderPolicy } from "../upstream/chatgpt/headers.ts";
import { readingsFromHeaders } from "../upstream/chatgpt/limits.ts";
import type { Transport } from "../upstream/transport.ts";
import type { LeftBehind } from "./bindings.ts";
import { moveBody } from "./bound.ts";
import { backendProfile } from "../wire/responses/profile.ts";
import { repairForBackend } from "../wire/responses/repair.ts";
import { stripReasoning } from "../wire/responses/strip.ts";
import { Exchange } from "./exchange.ts";
import type { Outgoing } from "./providers/outgoing.ts";
import { providerRequest } from "./providers/provider-request.ts";
import { requestFailure } from "./prepare-body.ts";
import { clientLeft, gatewayFailure, isFailure, takenOut } from "./failures.ts";
import type { Hosts, Pass } from "./hosts.ts";
import type { AttemptRow } from "../contract/request-row.ts";
import type { Planned } from "./plan.ts";
import type { GatewayMetrics, ProviderSource, TokenSource } from "./ports.ts";
import type { Roster } from "./roster.ts";

export interface SendParts {
  readonly roster: Roster;
  readonly hosts: Hosts;
  readonly tokens: TokenSource;
  readonly transport: Transport;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  /** Where logins are asked, and where API keys. */
  readonly address: UpstreamAddress;
  readonly providers: ProviderSource;
  readonly policy: HeaderPolicy;
  /** Fields outside the original's list are taken out of requests of clients other than Codex. */
  readonly isStrict: boolean;
  readonly firstByteTimeoutMs: number;
  /** Whether events that say nothing are held back until something is said. */
  readonly holdsFirstEvents: boolean;
  /** Whether turns are asked for over WebSockets. */
  readonly isOverSockets: boolean;
}

/** One account's turn: with what, and since when. */
interface Turn {
  readonly token: AccessToken;
  readonly pass: Pass;
  readonly startedAt: number;
}

interface Try {
  /** Epoch ms. */
  readonly startedAt: number;
  /** The upstream's status; null when there was no answer. */
  readonly status: number | null;
  readonly phase: AttemptRow["phase"];
}

export class Sender {
  readonly #planned: Planned;
  readonly #parts: SendParts;
  #candidate: Candidate | null = null;
  #token: AccessToken | null = null;
  #text: Buffer;
  #isEdited: boolean;
  /** For the ChatGPT backend, made when it is first asked. */
  #repaired: { readonly from: Buffer; readonly to: Buffer } | null = null;
  #isStripped = false;
  #isRenewed = false;
  #leftBehind: LeftBehind | null;
  /** Milliseconds waited on purpose since the last try. */
  waitedMs = 0;

  constructor(planned: Planned, parts: SendParts) {
    this.#planned = planned;
    this.#leftBehind = planned.leftBehind;
    this.#parts = parts;
    this.#text = planned.body.text;
    this.#isEdited = planned.isEdited;
  }

  /** Turns to another account. A conversation that leaves its own account leaves behind what only that one can read. */
  choose(candidate: Candidate): void {
    const { leftBehind, call } = this.#planned;
    const { boundAccountId } = this.#planned.ask;
    if (this.#candidate !== null) this.#parts.metrics.failedOver();
    this.#candidate = candidate;
    this.#token = null;
    this.#isRenewed = false;
    if (this.#isStripped || boundAccountId === null) return;
    if (boundAccountId === candidate.account.id) {
      if (leftBehind?.reasoning) this.#use(stripReasoning(this.#text, leftBehind.reasoning).body);
      return;
    }
    this.#strip();
    const turnState = this.#turnState;
    if (turnState === null) return;
    this.#leftBehind = { reasoning: this.#leftBehind?.reasoning ?? null, turnState };
    call.record.lost.push("turn_state");
  }

  /** What the client will go on sending of accounts that the conversation has left. */
  get stillSent(): LeftBehind | null {
    const { leftBehind, ask } = this.#planned;
    if (this.#leftBehind === leftBehind || this.#account.id !== ask.boundAccountId) return this.#leftBehind;
    return { reasoning: this.#leftBehind?.reasoning ?? null, turnState: leftBehind?.turnState ?? null };
  }

  /** Does what the failure asks for before the same account is tried again; false when that cannot help. */
  async prepareRepeat(failure: Failure): Promise<boolean> {
    if (failure.retry === "refresh") return this.#renew();
    if (failure.retry !== "strip") return true;
    return !this.#isStripped && this.#strip();
  }

  async send(): Promise<Exchange | Failure> {
    const { hosts, clock } = this.#parts;
    if (this.#planned.call.isGone) return clientLeft;
    const startedAt = clock.now();
    const outgoing = this.#outgoing();
    if (isFailure(outgoing)) return outgoing;
    const { origin } = outgoing;
    const openUntil = hosts.openUntil(origin, startedAt);
    if (openUntil !== null) return hostIsAway(origin, openUntil);
    const token = await this.#currentToken(startedAt);
    if (isFailure(token)) return token;
    // Getting a token may have taken a while, in which the host has gone.
    const pass = hosts.admit(origin, clock.now());
    return typeof pass === "number" ? hostIsAway(origin, pass) : this.#dispatch(outgoing, { token, pass, startedAt });
  }

  /** While a token was waited for, or between two tries, the client may have left and the account been taken out. */
  #whyNotNow(): Failure | null {
    const { roster, clock } = this.#parts;
    const { call, ask } = this.#planned;
    if (call.isGone) return clientLeft;
    const account = roster.find(this.#account.id);
    if (account === undefined) return takenOut;
    const now = clock.now();
    const mayBeAsked = isFree(account, ask.model, now) || (this.#isProbe && mayProbe(account, ask.model, now));
    return mayBeAsked ? null : takenOut;
  }

  async #dispatch(outgoing: Outgoing, { token, pass, startedAt }: Turn): Promise<Exchange | Failure> {
    const { clock, transport, hosts, metrics, firstByteTimeoutMs, holdsFirstEvents } = this.#parts;
    const { call, route } = this.#planned;
    const { origin, path, body, reader, isOpaque, isOverSocket } = outgoing;
    const exchange = new Exchange({ clock, firstByteTimeoutMs, holdsFirstEvents, reader, isOpaque });
    call.whenGone(() => exchange.abort());
    call.record.upstreamUrl = `${origin}${path}`;
    call.asked();
    const dispatcher = isOverSocket
      ? transport.socketsFor(token.accountId, origin)
      : transport.dispatcherFor(token.accountId, origin);
    const headers = outgoing.headers(token);
    const verdict = await exchange.send({ dispatcher, origin, path, method: route.method, headers, body });
    const now = clock.now();
    this.#learnLimits(exchange, now);
    metrics.attemptEnded({ tookMs: now - startedAt, isFault: verdict.kind === "refused" });
    if (verdict.kind === "committed") {
      hosts.succeeded(pass);
      return exchange;
    }
    if (call.isGone) {
      hosts.abandoned(pass);
      this.#note(clientLeft, { startedAt, status: null, phase: verdict.seen.phase });
      return clientLeft;
    }
    const facts = this.#parts.roster.find(token.accountId)?.facts ?? freshFacts;
    const answer = verdict.answer && withoutToken(verdict.answer, token.value);
    const failure = judge({ seen: verdict.seen, answer, facts, now });
    if (verdict.seen.phase === "stream" && verdict.seen.status === 200 && failure.retry === "never") {
      exchange.commitRefusal();
      hosts.succeeded(pass);
      return exchange;
    }
    exchange.abort();
    if (verdict.seen.status === null) hosts.failed(pass, token.accountId, now);
    else hosts.succeeded(pass);
    return this.#blame(failure, { startedAt, status: verdict.seen.status, phase: verdict.seen.phase });
  }

  /** Writes down a try that came to nothing. */
  #note(failure: Failure, { startedAt, status, phase }: Try): void {
    const { call } = this.#planned;
    call.record.attempts.push({
      accountId: this.#account.id,
      reason: this.#candidate?.reason ?? "",
      phase,
      status,
      code: failure.code,
      message: failure.message,
      startedMs: startedAt - call.startedAt,
      tookMs: this.#parts.clock.now() - startedAt,
      waitedMs: this.waitedMs,
    });
    this.waitedMs = 0;
  }

  /** Writes down the refused try and lets the account take the consequences. */
  #blame(failure: Failure, attempted: Try): Failure {
    const { clock, roster, metrics } = this.#parts;
    const { ask } = this.#planned;
    const now = clock.now();
    this.#note(failure, attempted);
    const isFirst401 = failure.retry === "refresh" && !this.#isRenewed;
    if (!isFirst401) {
      roster.change(this.#account.id, (facts) => afterFailure(facts, failure, { model: ask.model, now }));
      if (failure.until !== undefined) metrics.cooldownMarked();
    }
    return failure;
  }

  async #renew(): Promise<boolean> {
    if (this.#isRenewed || this.#token === null) return false;
    this.#isRenewed = true;
    const renewed = await this.#parts.tokens.renew(this.#account.id, this.#token);
    if (!renewed.ok) {
      const startedAt = this.#parts.clock.now();
      this.#blame(renewed.failure, { startedAt, status: null, phase: "token" });
      return false;
    }
    this.#token = renewed.token;
    return true;
  }

  /** Asked for anew at each try: meanwhile somebody else may have renewed it. */
  async #currentToken(startedAt: number): Promise<AccessToken | Failure> {
    const current = await this.#parts.tokens.current(this.#account.id);
    if (!current.ok) return this.#blame(current.failure, { startedAt, status: null, phase: "token" });
    this.#token = current.token;
    return this.#whyNotNow() ?? current.token;
  }

  /** What the account is sent; a failure when it cannot be asked this. */
  #outgoing(): Outgoing | Failure {
    const { providerId } = this.#account;
    if (providerId === null) return this.#toLogin();
    const { providers, policy } = this.#parts;
    const provider = providers.find(providerId);
    if (provider === null || !provider.isEnabled) return takenOut;
    this.#planned.body.text = this.#text;
    return providerRequest(this.#planned, this.#text, { provider, userAgent: policy.userAgent });
  }

  #toLogin(): Outgoing | Failure {
    const { address } = this.#parts;
    const { route, body } = this.#planned;
    const text = this.#textForLogin();
    if (isFailure(text)) return text;
    // The slot holds what was sent last.
    body.text = text;
    const isOverSocket = this.#isOverSocket;
    const isDecoded = this.#isEdited || text !== this.#text || isOverSocket;
    return {
      origin: address.origin,
      path: `${address.prefix}${route.upstreamPath}`,
      body: route.method === "GET" ? null : isDecoded ? text : body.sent,
      isOverSocket,
      reader: null,
      isOpaque: false,
      headers: (token) => (isDecoded ? withoutEncoding(this.#headers(token)) : this.#headers(token)),
    };
  }

  /** Without what the ChatGPT backend is known to refuse; Codex sends nothing of the kind. */
  #textForLogin(): Buffer | Failure {
    const { address, isStrict } = this.#parts;
    const { isNative, route, translation } = this.#planned;
    if (isNative || !address.isCodexBackend || route.operation !== "respond") return this.#text;
    if (this.#repaired?.from === this.#text) return this.#repaired.to;
    const repaired = repairForBackend(this.#text, { isStrict, hasCleanInput: translation !== null });
    if (!repaired.ok) return requestFailure(repaired.fault);
    this.#repaired = { from: this.#text, to: repaired.body };
    const { record } = this.#planned.call;
    record.reasoningEffort = backendProfile.efforts.get(record.reasoningEffort ?? "") ?? record.reasoningEffort;
    return repaired.body;
  }

  #headers(token: AccessToken): string[] {
    const { call, isNative, conversation } = this.#planned;
    return chatgptHeaders({
      rawHeaders: call.request.rawHeaders,
      isNative,
      accessToken: token.value,
      chatgptAccountId: this.#account.chatgptAccountId,
      sessionId: conversation,
      keepsTurnState: this.#keepsTurnState,
      policy: this.#parts.policy,
    });
  }

  /** Only turns are frames; what compresses the body of a request does not compress a frame. */
  get #isOverSocket(): boolean {
    return (
      this.#parts.isOverSockets && this.#parts.address.isCodexBackend && this.#planned.route.operation === "respond"
    );
  }

  /** Takes out what only another account can read; false when there is nothing of the kind. */
  #strip(): boolean {
    const { text, lost, lastReasoning } = moveBody(this.#text);
    if (lastReasoning === null) return false;
    this.#use(text);
    this.#isStripped = true;
    this.#leftBehind = { turnState: this.#leftBehind?.turnState ?? null, reasoning: lastReasoning };
    this.#planned.call.record.lost.push(...lost);
    return true;
  }

  #use(text: Buffer): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#isEdited = true;
  }

  get #turnState(): string | null {
    const value = this.#planned.call.request.headers["x-codex-turn-state"];
    return typeof value === "string" ? value : null;
  }

  /** Whether the client's turn state, if it sends one, is of the account that is asked now. */
  get #keepsTurnState(): boolean {
    const { leftBehind } = this.#planned;
    const { boundAccountId } = this.#planned.ask;
    if (boundAccountId === null) return true;
    const left = leftBehind?.turnState ?? null;
    return boundAccountId === this.#account.id && (left === null || left !== this.#turnState);
  }

  #learnLimits(exchange: Exchange, now: number): void {
    if (this.#account.providerId !== null) return;
    const source = exchange.status >= 400 ? "refusal" : "headers";
    const readings = readingsFromHeaders(exchange.headers, now, source);
    if (readings.length > 0) {
      this.#parts.roster.change(this.#account.id, (facts) => readings.reduce(afterReading, facts));
    }
  }

  get #isProbe(): boolean {
    return this.#candidate?.isProbe ?? false;
  }

  get #account(): Candidate["account"] {
    if (this.#candidate === null) throw new Error("no account was chosen");
    return this.#candidate.account;
  }
}

function hostIsAway(origin: string, until: number): Failure {
  const message = `The upstream ${origin} does not answer; trying it again shortly.`;
  return { ...gatewayFailure("upstream_unreachable", message, until), class: "host", scope: "host" };
}

function withoutEncoding(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (name.toLowerCase() !== "content-encoding") kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}

/** An upstream that repeats what it was sent must not tell the client the account's token. */
function withoutToken(answer: UpstreamAnswer, token: string): UpstreamAnswer {
  if (token === "" || !answer.body.includes(token)) return answer;
  return { ...answer, body: Buffer.from(answer.body.toString("utf8").replaceAll(token, "[redacted]")) };
}
