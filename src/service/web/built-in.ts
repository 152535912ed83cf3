// How a built-in page is sent.

import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

import { PAGE_POLICY } from "./pages.ts";
import type { Html } from "./pages.ts";

export type WebEnv = { Bindings: HttpBindings };

export function builtIn(c: Context<WebEnv>, page: Html, status: 200 | 401 | 429 = 200): Response | Promise<Response> {
  c.header("content-security-policy", PAGE_POLICY);
  c.header("cache-control", "no-store");
  return c.html(page, status);
}
