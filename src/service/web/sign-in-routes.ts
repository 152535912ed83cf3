// The password of a web listener that others than this machine can reach: form, check, sign-out, and who is signed in.

import type { Context, Hono } from "hono";

import { isSameSecret } from "../guards/constant-time.ts";
import { isFromOwnPage } from "../guards/origins.ts";
import { builtIn } from "./built-in.ts";
import type { WebEnv } from "./built-in.ts";
import { signInPage } from "./pages.ts";
import type { Sessions } from "./sessions.ts";
import type { SignInLimit } from "./sign-in-limit.ts";

export interface SignIn {
  readonly password: string;
  readonly limit: SignInLimit;
}

export function signInRoutes(app: Hono<WebEnv>, sessions: Sessions, { password, limit }: SignIn): void {
  app.get("/__login", (c) => builtIn(c, signInPage(c.req.header("accept-language"), null)));

  app.post("/__login", async (c) => {
    const language = c.req.header("accept-language");
    const peer = c.env.incoming.socket.remoteAddress ?? "";
    if (!isFromOwnPage(c.env.incoming.headers, true)) return c.text("refused\n", 403);
    const wait = limit.waitSeconds(peer);
    if (wait > 0) {
      c.header("retry-after", String(wait));
      return builtIn(c, signInPage(language, "wait"), 429);
    }
    if (!isSameSecret(await givenPassword(c), password)) {
      limit.failed(peer);
      return builtIn(c, signInPage(language, "wrong"), 401);
    }
    limit.succeeded(peer);
    await sessions.open(c);
    return c.redirect("/", 303);
  });

  app.post("/__logout", async (c) => {
    if (!isFromOwnPage(c.env.incoming.headers, true)) return c.text("refused\n", 403);
    await sessions.end(c);
    return c.redirect("/__login", 303);
  });

  app.get("/__auth_status", async (c) =>
    c.json({ passwordRequired: true, authenticated: (await sessions.find(c)) !== null }),
  );
}

/** From the form, or from a page's JSON. */
async function givenPassword(c: Context<WebEnv>): Promise<string | undefined> {
  const isJson = c.req.header("content-type")?.startsWith("application/json") === true;
  const body: unknown = isJson ? await c.req.json().catch(() => null) : await c.req.parseBody();
  const given = (body as { password?: unknown } | null)?.password;
  return typeof given === "string" ? given : undefined;
}
