import { describe, expect, test } from "vitest";

import type { StoredSettings } from "./live-settings.ts";
import { LiveSettings } from "./live-settings.ts";

function keeper(stored: Record<string, unknown> = {}): StoredSettings & { stored: Record<string, unknown> } {
  return {
    stored,
    load: async () => ({ ...stored }),
    save: async (key, value) => {
      stored[key] = value;
    },
  };
}

async function live(stored: StoredSettings, env: Record<string, string> = {}): Promise<LiveSettings> {
  const settings = await LiveSettings.load(stored, { env });
  if (!(settings instanceof LiveSettings)) throw new Error(settings.message);
  return settings;
}

describe("LiveSettings", () => {
  test("begins with what is stored", async () => {
    const settings = await live(keeper({ "routing.strategy": "balanced" }));
    expect(settings.current.routing.strategy).toBe("balanced");
    expect(settings.source("routing.strategy")).toBe("stored");
  });

  test("a hot change is stored, replaces the object and tells listeners", async () => {
    const stored = keeper();
    const settings = await live(stored);
    const before = settings.current;
    const told: unknown[] = [];
    const stop = settings.onChange((now, key) => told.push([key, now.routing.strategy]));
    expect(await settings.set("routing.strategy", "rr")).toEqual({ ok: true, value: "balanced", needsRestart: false });
    stop();
    await settings.set("routing.strategy", "ordered");
    expect(told).toEqual([["routing.strategy", "balanced"]]);
    expect(before.routing.strategy).toBe("ordered");
    expect(settings.current).not.toBe(before);
    expect(stored.stored).toEqual({ "routing.strategy": "ordered" });
    expect(settings.source("routing.strategy")).toBe("stored");
  });

  test("a change that needs a restart is stored, pending and told, not in force", async () => {
    const stored = keeper();
    const settings = await live(stored);
    const told: string[] = [];
    settings.onChange((_, key) => told.push(key));
    expect(await settings.set("service.address", "1234")).toMatchObject({ ok: true, needsRestart: true });
    expect(settings.current.service.address).toBe("localhost:48760");
    expect(settings.pendingRestart).toEqual(["service.address"]);
    expect(told).toEqual(["service.address"]);
    expect((await live(stored)).current.service.address).toBe("localhost:1234");
  });

  test("a value fixed by the environment is refused and nothing is stored", async () => {
    const stored = keeper();
    const settings = await live(stored, { CODEXMANAGER_ROUTE_STRATEGY: "balanced" });
    expect(await settings.set("routing.strategy", "ordered")).toEqual({
      ok: false,
      message:
        "routing.strategy is fixed by the environment variable CODEXMANAGER_ROUTE_STRATEGY and cannot be changed here",
    });
    expect(stored.stored).toEqual({});
  });

  test("a value that is not accepted is refused and nothing is stored", async () => {
    const stored = keeper();
    const settings = await live(stored);
    expect(await settings.set("jobs.usagePollIntervalSeconds", 1)).toMatchObject({ ok: false });
    expect(await settings.set("nothing.here", 1)).toMatchObject({ ok: false });
    expect(stored.stored).toEqual({});
  });

  test("a value that could not be stored is not in force", async () => {
    const stored: StoredSettings = { ...keeper(), save: () => Promise.reject(new Error("disk full")) };
    const settings = await live(stored);
    await expect(settings.set("routing.strategy", "balanced")).rejects.toThrow("disk full");
    expect(settings.current.routing.strategy).toBe("ordered");
  });
});
