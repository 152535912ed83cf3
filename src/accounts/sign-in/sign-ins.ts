// Signing in to ChatGPT: by the browser of this machine, by an address pasted from another one, or by a code typed in anywhere.
// One sign-in at a time: a newer one ends the older.

import { plainText } from "../../kit/plain-text.ts";
import type { CodeExchange, DeviceCode, SignInIssuer } from "../../upstream/chatgpt/sign-in-issuer.ts";
import type { ImportOptions } from "../import.ts";
import { type Attempt, type AttemptState, type AttemptStatus, isOver, type SignInWish } from "./attempt.ts";
import { type AuthorizationTerms, authorizationUrl, newSecrets, type Secrets } from "./authorization.ts";
import { type Callback, readCallback } from "./callback.ts";
import { takeSignedIn } from "./signed-in.ts";

/** Where browsers come back to. */
export interface CallbackDoor {
  /** Opens it unless it is open: where it is, and what stands in the way of its opening, as a sentence. */
  open(): Promise<{ readonly redirectUri: string; readonly warning: string | null }>;
  close(): Promise<void>;
}

export interface SignInOptions extends ImportOptions {
  readonly issuer: SignInIssuer;
  readonly door: CallbackDoor;
  readonly terms: () => Omit<AuthorizationTerms, "redirectUri" | "workspaceId">;
  readonly randomBytes: (count: number) => Buffer;
  /** The account is in the store, and may be looked at. */
  readonly onSignedIn: (accountId: string) => void;
}

export interface StartedSignIn {
  readonly loginId: string;
  readonly authUrl: string;
  readonly redirectUri: string;
  readonly warning: string | null;
  readonly device: { readonly userCode: string; readonly verificationUrl: string; readonly expiresAt: number } | null;
}

export type StartResult =
  | { readonly ok: true; readonly started: StartedSignIn }
  | { readonly ok: false; readonly message: string };

export interface SignIns {
  start(wish: SignInWish): Promise<StartResult>;
  /** Null for a sign-in nobody has begun here, or that is long over. */
  status(loginId: string): AttemptStatus | null;
  /** False when there is none under way with this id. */
  cancel(loginId: string): boolean;
  /** A browser has come back, or somebody has pasted where it went. */
  arrive(query: URLSearchParams, redirectUri?: string): Promise<AttemptStatus | null>;
  cancelAll(): void;
  close(): Promise<void>;
}

/** As long as the issuer keeps a device code. */
const LONGEST_MS = 15 * 60 * 1000;
const REMEMBERED = 20;
/** Longer pauses between two questions, when the issuer asks for them. */
const SLOWER_MS = 5_000;

export function createSignIns(options: SignInOptions): SignIns {
  return new Desk(options);
}

class Desk implements SignIns {
  readonly #options: SignInOptions;
  readonly #attempts = new Map<string, Attempt>();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  start(wish: SignInWish): Promise<StartResult> {
    const secrets = newSecrets(this.#options.randomBytes);
    return wish.way === "browser" ? this.#startBrowser(wish, secrets) : this.#startDevice(wish, secrets);
  }

  status(loginId: string): AttemptStatus | null {
    return this.#attempts.get(loginId)?.status ?? null;
  }

  cancel(loginId: string): boolean {
    const attempt = this.#attempts.get(loginId);
    if (attempt === undefined || isOver(attempt)) return false;
    this.#end(attempt, { state: "cancelled" });
    return true;
  }

  cancelAll(): void {
    this.#cancelAll("Another program has asked for its port.");
  }

  async arrive(query: URLSearchParams, redirectUri?: string): Promise<AttemptStatus | null> {
    const callback = readCallback(query);
    const attempt = this.#attemptOf(callback);
    if (attempt === null || callback.kind === "incomplete") return null;
    if (callback.kind === "refused") this.#end(attempt, { state: "failed", reason: callback.reason });
    else if (!isOver(attempt) && !attempt.isRedeeming) {
      const { code } = callback;
      const { verifier } = attempt;
      await this.#redeem(attempt, { code, verifier, redirectUri: redirectUri ?? attempt.redirectUri });
    }
    return attempt.status;
  }

  async close(): Promise<void> {
    this.#cancelAll("The service was stopped.");
    await this.#options.door.close();
  }

  // --- beginning ---

  async #startBrowser(wish: SignInWish, secrets: Secrets): Promise<StartResult> {
    const { door, terms, clock } = this.#options;
    const { redirectUri, warning } = await door.open();
    const attempt = this.#remember(wish, secrets, redirectUri);
    attempt.timer = clock.timer(LONGEST_MS, () => this.#expire(attempt));
    const authUrl = authorizationUrl({ ...terms(), redirectUri, workspaceId: wish.workspaceId }, secrets);
    return { ok: true, started: { loginId: attempt.id, authUrl, redirectUri, warning, device: null } };
  }

  async #startDevice(wish: SignInWish, secrets: Secrets): Promise<StartResult> {
    const { issuer, terms, clock } = this.#options;
    const { issuerUrl } = terms();
    const answer = await issuer.beginDevice();
    if (answer.kind === "refused") return { ok: false, message: answer.reason };
    if (answer.kind === "switched_off") {
      return { ok: false, message: "The issuer offers no sign-in by code here. Sign in with the browser." };
    }
    const redirectUri = `${issuerUrl}/deviceauth/callback`;
    const attempt = this.#remember(wish, secrets, redirectUri);
    this.#askLater(attempt, answer.code, answer.code.intervalMs);
    const verificationUrl = `${issuerUrl}/codex/device`;
    const device = { userCode: answer.code.userCode, verificationUrl, expiresAt: clock.now() + LONGEST_MS };
    const started = { loginId: attempt.id, authUrl: verificationUrl, redirectUri, warning: null, device };
    return { ok: true, started };
  }

  #remember(wish: SignInWish, { state, verifier }: Secrets, redirectUri: string): Attempt {
    const changedAt = this.#options.clock.now();
    const status = { state: "pending", reason: null, accountId: null, changedAt } as const;
    const attempt: Attempt = { id: state, wish, verifier, redirectUri, status, isRedeeming: false, timer: null };
    const older = [...this.#attempts.values()];
    this.#attempts.set(attempt.id, attempt);
    for (const other of older) this.#end(other, { state: "cancelled", reason: "A newer sign-in has taken its place." });
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size > REMEMBERED && oldest !== undefined) this.#attempts.delete(oldest);
    return attempt;
  }

  // --- waiting for a code to be typed in ---

  #askLater(attempt: Attempt, code: DeviceCode, pauseMs: number): void {
    const { clock } = this.#options;
    if (clock.now() - attempt.status.changedAt >= LONGEST_MS) return this.#expire(attempt);
    attempt.timer = clock.timer(pauseMs, () => void this.#ask(attempt, code, pauseMs));
  }

  async #ask(attempt: Attempt, code: DeviceCode, pauseMs: number): Promise<void> {
    const poll = await this.#options.issuer.pollDevice(code);
    if (isOver(attempt)) return;
    if (poll.kind === "waiting") this.#askLater(attempt, code, poll.slower ? pauseMs + SLOWER_MS : pauseMs);
    else if (poll.kind === "refused") this.#end(attempt, { state: "failed", reason: poll.reason });
    else await this.#redeem(attempt, { ...poll.exchange, redirectUri: attempt.redirectUri });
  }

  // --- ending ---

  async #redeem(attempt: Attempt, exchange: CodeExchange): Promise<void> {
    attempt.isRedeeming = true;
    const answer = await this.#options.issuer.exchange(exchange);
    if (answer.kind === "refused") return this.#end(attempt, { state: "failed", reason: answer.reason });
    // Tokens that were given are kept even if the person has just turned away: they would be lost otherwise.
    const { belongings, accountId: expectedId } = attempt.wish;
    const taken = await takeSignedIn(this.#options, answer.tokens, { belongings, expectedId });
    if (!taken.ok) return this.#end(attempt, { state: "failed", reason: taken.reason });
    this.#options.onSignedIn(taken.accountId);
    this.#end(attempt, { state: "success", accountId: taken.accountId });
  }

  #expire(attempt: Attempt): void {
    this.#end(attempt, { state: "expired", reason: "Nobody has signed in within fifteen minutes." });
  }

  #cancelAll(reason: string): void {
    for (const attempt of this.#attempts.values()) this.#end(attempt, { state: "cancelled", reason });
  }

  #end(attempt: Attempt, { state, reason, accountId }: Ending): void {
    if (isOver(attempt)) return;
    attempt.timer?.cancel();
    const words = reason === undefined ? null : plainText(reason, 500);
    attempt.status = { state, reason: words, accountId: accountId ?? null, changedAt: this.#options.clock.now() };
    const isAwaited = [...this.#attempts.values()].some((other) => other.wish.way === "browser" && !isOver(other));
    if (!isAwaited) void this.#options.door.close();
  }

  /** What is refused without its state can only be of the one that is under way. */
  #attemptOf(callback: Callback): Attempt | null {
    if (callback.kind === "incomplete") return null;
    if (callback.state !== null) return this.#attempts.get(callback.state) ?? null;
    return [...this.#attempts.values()].find((attempt) => !isOver(attempt)) ?? null;
  }
}

interface Ending {
  readonly state: AttemptState;
  readonly reason?: string;
  readonly accountId?: string;
}
