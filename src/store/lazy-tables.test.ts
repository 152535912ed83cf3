import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../kit/clock.ts";
import { openStore } from "./open-store.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-lazy-"));
  path = join(directory, "codexmanager.db");
});

afterEach(() => rmSync(directory, { recursive: true }));

const binding = { conversation: "c", accountId: "a", usedAt: 1 };

test("what has been written lazily survives the process being killed", async () => {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    import { openStore } from ${module("./open-store.ts")};
    import { systemClock } from ${module("../kit/clock.ts")};
    const store = await openStore({ path: ${JSON.stringify(path)}, clock: systemClock });
    store.bindings.save(${JSON.stringify(binding)});
    await store.flush();
    console.log("written");
    setInterval(() => {}, 1000);`;
  const writer = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(writer.stdout, "data");
  writer.kill("SIGKILL");
  await once(writer, "exit");
  const store = await openStore({ path, clock: systemClock });
  expect(await store.bindings.find("c")).toEqual(binding);
  await store.close();
});

test("a write that fails is told and not forgotten", async () => {
  const errors: unknown[] = [];
  const store = await openStore({ path, clock: systemClock, onError: (error) => void errors.push(error) });
  const other = new DatabaseSync(path);
  other.exec("alter table bindings rename to elsewhere");
  store.bindings.save(binding);
  await store.flush();
  expect(errors).toHaveLength(1);
  expect(await store.bindings.find("c")).toEqual(binding);
  other.exec("alter table elsewhere rename to bindings");
  await store.flush();
  expect(other.prepare("select account_id from bindings").all()).toHaveLength(1);
  other.close();
  await store.close();
});

test("a durable write after a lazy one is there at once, and can be removed", async () => {
  const store = await openStore({ path, clock: systemClock });
  store.bindings.save(binding);
  await store.flush();
  await store.settings.put("a", 1, 1);
  expect((await store.settings.list()).get("a")).toBe(1);
  await store.settings.remove("a");
  expect((await store.settings.list()).size).toBe(0);
  await store.close();
});
