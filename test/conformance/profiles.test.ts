// What upstreams take is data with a version, and a request shows it: a new release of an upstream changes both.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { InternalRequest } from "../../src/wire/internal.ts";
import { upstreamFormats } from "../../src/wire/upstream-formats.ts";

interface Fixture {
  readonly profile: string;
  readonly request: InternalRequest;
  readonly path: string;
  readonly body: object;
}

test.each(upstreamFormats)("$name of $version takes this request", (format) => {
  const text = readFileSync(join(import.meta.dirname, "fixtures", `${format.name}-request.json`), "utf8");
  const { profile, request, path, body } = JSON.parse(text) as Fixture;
  expect(profile).toBe(format.version);
  expect(format.request(request)).toEqual({ path, body });
});
