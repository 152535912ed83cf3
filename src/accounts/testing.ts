// What tests of this folder start from: a store in a temporary folder, made-up tokens, and an issuer in memory.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../kit/clock.ts";
import type { Clock } from "../kit/clock.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/open-store.ts";
import type { Issuer, RefreshAnswer } from "../upstream/chatgpt/issuer.ts";
import { createAccountSource } from "./account-source.ts";
import type { AccountSource } from "./account-source.ts";

export interface Bench {
  readonly directory: string;
  readonly path: string;
  readonly store: Store;
  readonly source: AccountSource;
  close(): Promise<void>;
}

export async function openBench(clock: Clock = systemClock): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), "cxm-accounts-"));
  const path = join(directory, "codexmanager.db");
  const store = await openStore({ path, clock });
  return {
    directory,
    path,
    store,
    source: createAccountSource(store),
    async close() {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** An unsigned token with these claims; nobody here checks signatures. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.c2ln`;
}

/** An access token that expires at `expiresAt` (epoch ms); `name` tells it apart. */
export function accessToken(name: string, expiresAt: number): string {
  return jwt({ jti: name, exp: Math.floor(expiresAt / 1000) });
}

/** Spends each refresh token once: `rt_n` gives `rt_n+1`; an answer put in `next` comes first. */
export class ScriptedIssuer implements Issuer {
  readonly seen: string[] = [];
  readonly next: RefreshAnswer[] = [];
  readonly #expiresAt: number;

  constructor(expiresAt: number) {
    this.#expiresAt = expiresAt;
  }

  async refresh(_accountId: string, refreshToken: string): Promise<RefreshAnswer> {
    await new Promise((resolve) => setImmediate(resolve));
    const isReused = this.seen.includes(refreshToken);
    this.seen.push(refreshToken);
    const scripted = this.next.shift();
    if (scripted) return scripted;
    if (isReused) return { kind: "refused", state: "sign_in", code: "refresh_token_reused" };
    const number = Number(refreshToken.slice(3)) + 1;
    const accessValue = accessToken(String(number), this.#expiresAt);
    return { kind: "renewed", accessToken: accessValue, refreshToken: `rt_${number}`, idToken: null, lifeMs: null };
  }
}

/** A clock that stands still until told otherwise; its timers fire when time is moved past them. */
export class StoppedClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ at: number; fire: () => void }>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  timer(ms: number, fire: () => void) {
    const pending = { at: this.#now + ms, fire };
    this.#timers.add(pending);
    return {
      refresh: () => void (pending.at = this.#now + ms),
      cancel: () => void this.#timers.delete(pending),
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const pending of [...this.#timers].filter(({ at }) => at <= this.#now)) {
      this.#timers.delete(pending);
      pending.fire();
    }
  }
}
