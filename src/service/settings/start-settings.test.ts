import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { StartInput, StartSettings } from "./start-settings.ts";
import { startSettings } from "./start-settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "start-settings-"));
  mkdirSync(join(folder, "package"));
  mkdirSync(join(folder, "work"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(changes: Partial<StartInput> = {}, env: Record<string, string> = {}): StartSettings {
  const result = startSettings({
    flags: {},
    envFile: null,
    packageRoot: join(folder, "package"),
    workingDirectory: join(folder, "work"),
    place: { platform: "linux", home: folder, env },
    ...changes,
  });
  if (!result.ok) throw new Error(result.message);
  return result;
}

describe("where files lie", () => {
  test("the platform's place is the default", () => {
    const { dataDirectory, databasePath } = start();
    expect(dataDirectory).toBe(join(folder, ".local/share/codexmanager"));
    expect(databasePath).toBe(join(dataDirectory, "codexmanager.db"));
  });

  test("a relative database path is taken from the data directory, and its folder holds the other files", () => {
    const { databasePath, databaseDirectory } = start(
      {},
      { CODEXMANAGER_DATA_DIR: join(folder, "d"), CODEXMANAGER_DB_PATH: "sub/x.db" },
    );
    expect(databasePath).toBe(join(folder, "d/sub/x.db"));
    expect(databaseDirectory).toBe(join(folder, "d/sub"));
  });

  test("paths on the command line are relative to the working directory", () => {
    const flags = { "store.directory": "here", "store.databasePath": "mine.db" };
    const { dataDirectory, databasePath } = start({ flags });
    expect(dataDirectory).toBe(join(folder, "work/here"));
    expect(databasePath).toBe(join(folder, "work/mine.db"));
  });
});

describe("the env file", () => {
  const port = (number: number) => `CODEXMANAGER_SERVICE_ADDR=${number}\n`;

  test("beside the program wins over the one in the data directory; one in the working directory is never read", () => {
    writeFileSync(join(folder, "work/.env"), port(1));
    const directory = { CODEXMANAGER_DATA_DIR: join(folder, "d") };
    expect(start({}, directory).envFile).toBeNull();
    mkdirSync(join(folder, "d"));
    writeFileSync(join(folder, "d/.env"), port(2));
    expect(start({}, directory).resolved.values.service.address).toBe("localhost:2");
    writeFileSync(join(folder, "package/codexmanager.env"), port(3));
    expect(start({}, directory).resolved.values.service.address).toBe("localhost:3");
  });

  test("named on the command line is read instead, relative to the working directory", () => {
    writeFileSync(join(folder, "package/.env"), port(2));
    writeFileSync(join(folder, "work/mine"), port(4));
    expect(start({ envFile: "mine" }).resolved.values.service.address).toBe("localhost:4");
  });

  test("never overrules the environment", () => {
    writeFileSync(join(folder, "package/.env"), `${port(2)}CODEXMANAGER_TRACE=1`);
    const { env, resolved } = start({}, { CODEXMANAGER_SERVICE_ADDR: "9" });
    expect(resolved.values.service.address).toBe("localhost:9");
    expect(env.CODEXMANAGER_TRACE).toBe("1");
  });

  test("may say where the data directory is", () => {
    writeFileSync(join(folder, "package/.env"), `CODEXMANAGER_DATA_DIR=${join(folder, "elsewhere")}`);
    expect(start().dataDirectory).toBe(join(folder, "elsewhere"));
  });
});

test("a bad flag ends the start with its message", () => {
  const place = { platform: "linux" as const, home: folder, env: {} };
  const input = { envFile: null, packageRoot: folder, workingDirectory: folder, place };
  expect(startSettings({ ...input, flags: { "web.address": "x" } })).toMatchObject({ ok: false });
  expect(startSettings({ ...input, flags: {}, envFile: "missing" })).toMatchObject({ ok: false });
});
