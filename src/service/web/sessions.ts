// Who may call /api: whoever holds the signed cookie that came with a page, or that a password was given for. The cookie outlives
// the process, so that a page left open goes on working after a restart.

import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";

import type { Clock } from "../../kit/clock.ts";

export interface SessionsOptions {
  /** What signs the cookies; another one ends all sessions. */
  readonly secret: string;
  /** Browsers keep one jar for all ports of a host, so the name tells instances apart. */
  readonly cookieName: string;
  readonly clock: Clock;
}

const LIFE_MS = 7 * 24 * 60 * 60 * 1000;

export class Sessions {
  readonly #options: SessionsOptions;
  /** Ended before their time; forgotten with the process, like a generated password. */
  readonly #ended = new Set<string>();
  readonly #streams = new Map<ServerResponse, string>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** The session's id; null when there is none, or it is over. */
  async find(c: Context): Promise<string | null> {
    const { secret, cookieName, clock } = this.#options;
    const value = await getSignedCookie(c, secret, cookieName);
    if (typeof value !== "string") return null;
    const [id = "", endsAt = ""] = value.split(".");
    return Number(endsAt) > clock.now() && !this.#ended.has(id) ? id : null;
  }

  /** An answer without an end of its own is broken off with the session. */
  bind(response: ServerResponse, id: string): void {
    this.#streams.set(response, id);
    response.once("close", () => this.#streams.delete(response));
  }

  async open(c: Context): Promise<void> {
    const { secret, cookieName, clock } = this.#options;
    const value = `${randomUUID()}.${clock.now() + LIFE_MS}`;
    const maxAge = LIFE_MS / 1000;
    await setSignedCookie(c, cookieName, value, secret, { httpOnly: true, sameSite: "Strict", path: "/", maxAge });
  }

  async end(c: Context): Promise<void> {
    const id = await this.find(c);
    if (id !== null) {
      this.#ended.add(id);
      for (const [response, session] of this.#streams) if (session === id) response.destroy();
    }
    deleteCookie(c, this.#options.cookieName, { path: "/" });
  }
}
