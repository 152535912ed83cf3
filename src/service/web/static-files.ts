// Web pages from a folder of the operator's, with the start page for every path that is no file.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { MiddlewareHandler } from "hono";

/** Null when the folder holds no start page. */
export function staticFiles(root: string | null): readonly MiddlewareHandler[] | null {
  if (root === null || !existsSync(join(root, "index.html"))) return null;
  return [serveStatic({ root }), serveStatic({ root, path: "index.html" })];
}
