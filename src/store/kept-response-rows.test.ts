import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../kit/clock.ts";
import type { KeptResponse } from "./kept-response-rows.ts";
import type { Store } from "./open-store.ts";
import { openStore } from "./open-store.ts";

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "cxm-kept-"));
  await open();
  for (const id of ["gk_1", "gk_2"]) await addKey(id);
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

async function open(): Promise<void> {
  store = await openStore({ path: join(directory, "codexmanager.db"), clock: systemClock });
}

async function addKey(id: string): Promise<void> {
  const text = { name: null, upstreamBaseUrl: null, staticHeadersJson: null, modelSlug: null, reasoningEffort: null };
  const filters = { groupFilter: [], tagFilter: [], planFilter: [], maxInflight: 0 };
  const times = { createdAt: 1, lastUsedAt: null };
  const key = { id, hash: id, protocolType: "openai_compat", status: "active" as const };
  await store.keys.insert({ ...key, ...text, ...filters, ...times }, `secret of ${id}`);
}

function kept(id: string, over: Partial<KeptResponse> = {}): KeptResponse {
  const input = Buffer.from(`input of ${id}`);
  const answer = Buffer.from(`answer of ${id}`);
  return { id, accountId: "acc_1", conversation: "c", createdAt: 10, input, answer, ...over };
}

const roomy = { before: 0, maxCount: 100, maxBytes: 1_000_000 };
const idsOf = (found: readonly { id: string }[]) => found.map(({ id }) => id).toSorted();
const left = async (...ids: string[]) =>
  (await Promise.all(ids.map((id) => store.responses.find("gk_1", id)))).flatMap((found) => found?.id ?? []);

describe("a kept response", () => {
  test("is found at once, and after the store is opened again", async () => {
    store.responses.save("gk_1", kept("resp_1"), ["rs_1", "fc_1"]);
    expect(await store.responses.find("gk_1", "resp_1")).toMatchObject(kept("resp_1"));
    await store.close();
    await open();
    expect(await store.responses.find("gk_1", "resp_1")).toEqual(kept("resp_1"));
  });

  test("is found by its items, each response once, whether written or waiting", async () => {
    store.responses.save("gk_1", kept("resp_1"), ["rs_1", "fc_1"]);
    await store.flush();
    store.responses.save("gk_1", kept("resp_2"), ["rs_2"]);
    const found = await store.responses.findByItems("gk_1", ["fc_1", "rs_2", "rs_1", "msg_9"]);
    expect(idsOf(found)).toEqual(["resp_1", "resp_2"]);
    expect(found.map(({ answer }) => answer.toString()).toSorted()).toEqual(["answer of resp_1", "answer of resp_2"]);
  });

  test("is another key's to see neither by its id nor by its items", async () => {
    store.responses.save("gk_1", kept("resp_1"), ["rs_1"]);
    for (const flush of [async () => {}, () => store.flush()]) {
      await flush();
      expect(await store.responses.find("gk_2", "resp_1")).toBeNull();
      expect(await store.responses.findByItems("gk_2", ["rs_1"])).toEqual([]);
    }
  });

  test("is not readable in the file", async () => {
    store.responses.save("gk_1", kept("resp_1", { input: Buffer.from("very private words") }), []);
    await store.close();
    expect(readFileSync(join(directory, "codexmanager.db")).includes("very private words")).toBe(false);
    await open();
  });

  test("is removed for good, with its items, even while it waits to be written", async () => {
    store.responses.save("gk_1", kept("resp_1"), ["rs_1"]);
    expect(await store.responses.remove("gk_2", "resp_1")).toBe(false);
    expect(await store.responses.remove("gk_1", "resp_1")).toBe(true);
    expect(await store.responses.remove("gk_1", "resp_1")).toBe(false);
    await store.flush();
    expect(await store.responses.find("gk_1", "resp_1")).toBeNull();
    expect(await store.responses.findByItems("gk_1", ["rs_1"])).toEqual([]);
  });
});

describe("beyond the limits the oldest go first", () => {
  beforeEach(async () => {
    for (const [place, id] of ["a", "b", "c"].entries()) {
      const half = Buffer.alloc(50);
      store.responses.save("gk_1", kept(id, { createdAt: 10 + place, input: half, answer: half }), [`rs_${id}`]);
    }
    await store.flush();
  });

  test("by age", async () => {
    expect(await store.responses.retain({ ...roomy, before: 12 })).toBe(2);
    expect(await left("a", "b", "c")).toEqual(["c"]);
  });

  test("by count", async () => {
    await store.responses.retain({ ...roomy, maxCount: 2 });
    expect(await left("a", "b", "c")).toEqual(["b", "c"]);
  });

  test("by size", async () => {
    await store.responses.retain({ ...roomy, maxBytes: 199 });
    expect(await left("a", "b", "c")).toEqual(["c"]);
    expect(await store.responses.findByItems("gk_1", ["rs_a"])).toEqual([]);
  });

  test("and however many there are", async () => {
    for (let place = 0; place < 120; place += 1)
      store.responses.save("gk_1", kept(`old_${place}`, { createdAt: 1 }), []);
    await store.flush();
    expect(await store.responses.retain({ ...roomy, before: 5 })).toBe(120);
    expect(await store.responses.retain(roomy)).toBe(0);
  });

  test("and those of a key that is gone", async () => {
    store.responses.save("gk_gone", kept("x"), []);
    await store.flush();
    expect(await store.responses.retain(roomy)).toBe(1);
  });
});
