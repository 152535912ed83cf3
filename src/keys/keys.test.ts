import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../kit/clock.ts";
import { noFilter } from "../pool/filter.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/open-store.ts";
import { createKeySource } from "./key-source.ts";
import type { KeySource } from "./key-source.ts";
import { createKeys, hashSecret } from "./keys.ts";
import type { KeyEdit, Keys } from "./keys.ts";

let directory: string;
let store: Store;
let source: KeySource;
let keys: Keys;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "cxm-keys-"));
  store = await openStore({ path: join(directory, "codexmanager.db"), clock: systemClock });
  source = createKeySource(store);
  keys = createKeys({ store, source, clock: systemClock });
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

async function create(edit: KeyEdit = {}) {
  const created = await keys.create(edit);
  if (!created.ok) throw new Error(created.error);
  return created.value;
}

test("a created key is 64 hex digits, can be shown again, and is found by its hash alone", async () => {
  const created = await create({ name: " work ", modelSlug: "gpt-5", reasoningEffort: "extra_high" });
  expect(created.key).toMatch(/^[0-9a-f]{64}$/);
  expect(created.id).toMatch(/^gk_[0-9a-f]{12}$/);
  expect(await keys.readSecret(created.id)).toEqual({ ok: true, value: created });
  expect(source.findByHash(hashSecret(created.key))).toEqual({
    id: created.id,
    name: "work",
    isEnabled: true,
    model: "gpt-5",
    reasoningEffort: "xhigh",
    filter: noFilter,
    maxInflight: 0,
  });
  expect(source.findByHash(hashSecret("other"))).toBeNull();
});

test("switching off, on and deleting are seen by the gateway at once", async () => {
  const { id, key } = await create();
  await keys.setEnabled(id, false);
  expect(source.findByHash(hashSecret(key))?.isEnabled).toBe(false);
  await keys.setEnabled(id, true);
  expect(source.findByHash(hashSecret(key))?.isEnabled).toBe(true);
  await keys.remove(id);
  expect(source.findByHash(hashSecret(key))).toBeNull();
  expect(await keys.remove(id)).toEqual({ ok: false, error: "api key not found" });
});

test("model and effort are always written, the profile only when one of its fields is given", async () => {
  const { id } = await create({
    modelSlug: "gpt-5",
    reasoningEffort: "high",
    upstreamBaseUrl: "https://relay.example/v1",
  });
  await keys.updateModel(id, {});
  const [cleared] = await keys.list();
  expect(cleared).toMatchObject({
    modelSlug: null,
    reasoningEffort: null,
    upstreamBaseUrl: "https://relay.example/v1",
  });
  await keys.updateModel(id, { modelSlug: "gpt-6", protocolType: "azure", staticHeadersJson: '{"a":"b"}' });
  const [changed] = await keys.list();
  expect(changed).toMatchObject({ modelSlug: "gpt-6", protocolType: "azure_openai", upstreamBaseUrl: null });
});

test("the last use is written lazily", async () => {
  const { id } = await create();
  source.touch(id, 1234);
  await store.flush();
  expect((await keys.list())[0]?.lastUsedAt).toBe(1234);
});

test.each<[KeyEdit, string]>([
  [{ protocolType: "gopher" }, "unsupported protocol type: gopher"],
  [{ protocolType: "constructor" }, "unsupported protocol type: constructor"],
  [{ upstreamBaseUrl: "not an address" }, "invalid upstreamBaseUrl"],
  [{ upstreamBaseUrl: "ftp://host/x" }, "invalid upstreamBaseUrl scheme"],
  [{ staticHeadersJson: "[]" }, "invalid staticHeadersJson: must be an object"],
  [{ staticHeadersJson: '{"a":1}' }, "invalid staticHeadersJson: values must be strings"],
])("%j is refused with the original's words", async (edit, error) => {
  expect(await keys.create(edit)).toEqual({ ok: false, error });
  const { id } = await create();
  expect(await keys.updateModel(id, edit)).toEqual({ ok: false, error });
});

test("missing and unknown ids are told as the original tells them", async () => {
  expect(await keys.readSecret("")).toEqual({ ok: false, error: "missing key id" });
  expect(await keys.readSecret("gk_none")).toEqual({ ok: false, error: "api key secret not found" });
  expect(await keys.updateModel("", {})).toEqual({ ok: false, error: "key id required" });
  expect(await keys.updateModel("gk_none", {})).toEqual({ ok: false, error: "api key not found" });
  expect(await keys.setEnabled("", true)).toEqual({ ok: false, error: "missing id" });
  expect(await keys.remove("")).toEqual({ ok: false, error: "missing id" });
});

test("who listens is told which key was created, changed or deleted, and of nothing that was there before", async () => {
  const old = await create();
  const told: [string, boolean][] = [];
  source.onChange((id, isRemoved) => told.push([id, isRemoved]));
  const { id } = await create();
  await keys.setEnabled(id, false);
  await keys.remove(old.id);
  await source.load();
  expect(told).toEqual([
    [id, false],
    [id, false],
    [old.id, true],
  ]);
});
