// A conversation that has become too long and is compacted in the middle of a turn.

import { describe, expect, test } from "vitest";
import type { RecordedRequest } from "../../../src/demo/index.ts";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";
import type { Client } from "./versions.ts";
import { isAtLeast, modelsOf } from "./versions.ts";

/** Far below what the first request needs, so that the second one is a compaction. */
const config = ["model_auto_compact_token_limit = 3000"];

describe.each(clients)(title, (client) => {
  test.each(modelsOf(client))("compacts a long conversation of a $form model and goes on", async ({ model }) => {
    const stage = await openStage(client, { model, config });

    const run = await stage.codex(["work [[shell echo one]] [[reply done]]"]);

    expect(run.exitCode).toBe(0);
    expect(run.events.at(-1)).toMatchObject({ type: "turn.completed" });
    const [first, compaction, last, ...more] = stage.world.requests.filter((request) => request.method === "POST");
    expect(more).toEqual([]);
    expect([first, compaction, last].map((request) => request?.account?.name)).toEqual(["acc0", "acc0", "acc0"]);
    const kind = compactionKind(client);
    expect(kindOf(compaction)).toBe(kind);
    expect(itemTypes(last).includes("compaction")).toBe(kind !== "prompt");
    expect(itemTypes(last).filter((type) => type.endsWith("_call_output"))).toEqual([]);
    expect((await stage.served()).map((request) => request.statusCode)).toEqual([200, 200, 200]);
  });
});

/** A provider of the user's own summarises by prompt; the built-in one has had two ways. */
function compactionKind({ way, version }: Client): string {
  if (way === "provider") return "prompt";
  return isAtLeast(version, 0, 148) ? "trigger" : "endpoint";
}

function kindOf(request: RecordedRequest | undefined): string {
  if (request?.path.endsWith("/compact")) return "endpoint";
  return itemTypes(request).at(-1) === "compaction_trigger" ? "trigger" : "prompt";
}

function itemTypes(request: RecordedRequest | undefined): string[] {
  const input = request?.json?.["input"];
  return Array.isArray(input) ? input.map((item: { type?: string }) => item.type ?? "message") : [];
}
