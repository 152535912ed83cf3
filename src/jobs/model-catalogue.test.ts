import { expect, test } from "vitest";

import { VirtualClock } from "../kit/virtual-clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { account } from "../pool/testing.ts";
import { keepalive } from "./keepalive.ts";
import { datedReads, modelCatalogue } from "./model-catalogue.ts";
import { changeableSettings } from "./testing.ts";

function bench(accounts: readonly PoolAccount[], isAnswered = true) {
  const clock = new VirtualClock();
  const settings = changeableSettings();
  let asked = 0;
  const catalogue = {
    async refresh() {
      asked += 1;
      return isAnswered;
    },
  };
  const deps = { settings: () => settings.current, clock, source: { list: () => accounts } };
  const reads = datedReads(catalogue, clock);
  const { signal } = new AbortController();
  return {
    clock,
    settings,
    asked: () => asked,
    look: () => modelCatalogue(deps, reads).run(signal),
    keepWarm: () => keepalive(deps, reads).run(signal),
  };
}

test("the list is read when nobody has, and again when it has grown old", async () => {
  const { clock, settings, look, asked } = bench([account("a")]);
  expect(await look()).toBe("done");
  clock.advance(599_000);
  expect(await look()).toBe("idle");
  clock.advance(1000);
  expect(await look()).toBe("done");
  settings.set("jobs.modelCatalogueIntervalSeconds", 30);
  clock.advance(30_000);
  expect(await look()).toBe("done");
  expect(asked()).toBe(3);
});

test("what keepalive has read is not read again", async () => {
  const { look, keepWarm, asked } = bench([account("a")]);
  await keepWarm();
  expect(await look()).toBe("idle");
  expect(asked()).toBe(1);
});

test("a list that could not be had is asked for again; with nobody to ask there is nothing to do", async () => {
  const { look, asked } = bench([account("a")], false);
  expect(await look()).toEqual({ failed: expect.stringMatching(/models/) as string });
  await look();
  expect(asked()).toBe(2);
  expect(await bench([]).look()).toBe("idle");
});
