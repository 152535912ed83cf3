import { expect, test } from "vitest";

import type { PoolAccount } from "../pool/account.ts";
import { account } from "../pool/testing.ts";
import { keepalive } from "./keepalive.ts";
import { changeableSettings } from "./testing.ts";

function bench(accounts: readonly PoolAccount[], isAnswered = true) {
  const settings = changeableSettings();
  let asked = 0;
  const catalogue = {
    async refresh() {
      asked += 1;
      return isAnswered;
    },
  };
  const job = keepalive({ settings: () => settings.current, source: { list: () => accounts } }, catalogue);
  return { run: () => job.run(new AbortController().signal), asked: () => asked };
}

test("the catalogue is asked for through the pool", async () => {
  const { run, asked } = bench([account("a")]);
  expect(await run()).toBe("done");
  expect(asked()).toBe(1);
});

test("no account that could be asked is no failure, and nobody is asked", async () => {
  const login = { state: "sign_in", code: "x", since: 0 } as const;
  const { run, asked } = bench([account("off", { isEnabled: false }), account("out", { facts: { login } })], false);
  expect(await run()).toBe("idle");
  expect(await bench([], false).run()).toBe("idle");
  expect(asked()).toBe(0);
});

test("accounts that are not answered are one", async () => {
  expect(await bench([account("a")], false).run()).toEqual({ failed: expect.stringMatching(/models/) as string });
});
