import { describe, expect, test } from "vitest";

import type { ResolvedSettings, SettingsInput } from "./resolve.ts";
import { resolveSettings } from "./resolve.ts";
import { defaultSettings, settingEntries } from "./table.ts";

function resolved(input: SettingsInput): ResolvedSettings {
  const result = resolveSettings(input);
  if (!result.ok) throw new Error(result.message);
  return result;
}

const CONNECT = "CODEXMANAGER_UPSTREAM_CONNECT_TIMEOUT_SECS";
const POLL = "CODEXMANAGER_USAGE_POLL_INTERVAL_SECS";

describe("precedence", () => {
  const key = "gateway.connectTimeoutSeconds";
  const stored = { [key]: 3 };
  const env = { [CONNECT]: "4" };

  test("nothing given yields the defaults, frozen", () => {
    const { values, warnings } = resolved({});
    expect(values).toEqual(defaultSettings);
    expect(warnings).toEqual([]);
    expect(Object.isFrozen(values) && Object.isFrozen(values.gateway)).toBe(true);
  });

  test("a stored value wins over the default", () => {
    const { values, sources } = resolved({ stored });
    expect([values.gateway.connectTimeoutSeconds, sources[key]]).toEqual([3, "stored"]);
  });

  test("the environment wins over a stored value and is named", () => {
    const { values, sources, variables } = resolved({ stored, env });
    expect([values.gateway.connectTimeoutSeconds, sources[key], variables[key]]).toEqual([4, "environment", CONNECT]);
  });

  test("a flag wins over everything", () => {
    const { values, sources } = resolved({ stored, env, flags: { [key]: "5" } });
    expect([values.gateway.connectTimeoutSeconds, sources[key]]).toEqual([5, "flag"]);
  });

  test("a variable that is empty or blank counts as unset", () => {
    expect(resolved({ stored, env: { [CONNECT]: "  " } }).sources[key]).toBe("stored");
  });
});

describe("values that are not accepted", () => {
  test("a bad variable leaves the default and names variable, value and what is accepted", () => {
    const { values, warnings } = resolved({ env: { [CONNECT]: "soon" } });
    expect(values.gateway.connectTimeoutSeconds).toBe(15);
    expect(warnings).toEqual([
      `${CONNECT}: "soon" is not accepted; expected a whole number from 1 to 2147483; using the default 15`,
    ]);
  });

  test.each(["0", "-5", " 29 "])("%j, below the minimum, becomes the minimum", (text) => {
    const { values, warnings } = resolved({ env: { [POLL]: text } });
    expect(values.jobs.usagePollIntervalSeconds).toBe(30);
    expect(warnings[0]).toContain("using the minimum 30");
  });

  test.each(["12.5", "1e3", "0x10", "99999999999999999999"])("%j is no whole number in range", (text) => {
    expect(resolved({ env: { [POLL]: text } }).values.jobs.usagePollIntervalSeconds).toBe(600);
  });

  test("a bad variable never falls back to the stored value", () => {
    const { values } = resolved({ env: { [CONNECT]: "x" }, stored: { "gateway.connectTimeoutSeconds": 3 } });
    expect(values.gateway.connectTimeoutSeconds).toBe(15);
  });

  test("a bad stored value leaves the default with a warning", () => {
    const { values, warnings } = resolved({ stored: { "routing.strategy": "fastest" } });
    expect(values.routing.strategy).toBe("ordered");
    expect(warnings[0]).toContain("stored setting routing.strategy");
  });

  test("a bad flag is the command's error", () => {
    expect(resolveSettings({ flags: { "service.address": "nowhere" } })).toEqual({
      ok: false,
      message: 'service.address: "nowhere" is not accepted; expected host:port, or a port alone',
    });
  });

  test("a warning never shows a secret", () => {
    const { warnings } = resolved({ env: { CODEXMANAGER_RPC_TOKEN: "secret\u0007token" } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain("secret");
  });

  test("control characters of a value do not reach the warning", () => {
    const { warnings } = resolved({ env: { [CONNECT]: "1\u001b[31m2" } });
    expect(warnings[0]).toContain('"1 [31m2"');
  });
});

describe("kinds of values", () => {
  test.each([
    ["1", true],
    ["TRUE", true],
    ["Yes", true],
    ["on", true],
    ["0", false],
    ["false", false],
    ["no", false],
    ["Off", false],
  ])("a switch reads %j as %s", (text, value) => {
    expect(resolved({ env: { CODEXMANAGER_TRACE: text } }).values.trace.isEnabled).toBe(value);
  });

  test.each(["", "0", "no", "1"])("WEB_NO_OPEN=%j counts by its presence alone", (text) => {
    expect(resolved({ env: { CODEXMANAGER_WEB_NO_OPEN: text } }).values.web.opensBrowser).toBe(false);
  });

  test("the old polling switch yields to the explicit variable", () => {
    const old = { CODEXMANAGER_DISABLE_POLLING: "1" };
    expect(resolved({ env: old }).values.jobs.isUsagePollingEnabled).toBe(false);
    const both = { ...old, CODEXMANAGER_USAGE_POLLING_ENABLED: "1" };
    expect(resolved({ env: both }).values.jobs.isUsagePollingEnabled).toBe(true);
  });

  test("a common variable is the default of the particular ones", () => {
    const { jobs } = resolved({
      env: { CODEXMANAGER_POLL_JITTER_SECS: "9", CODEXMANAGER_USAGE_POLL_JITTER_SECS: "2" },
    }).values;
    expect([jobs.usagePollJitterSeconds, jobs.keepaliveJitterSeconds]).toEqual([2, 9]);
  });

  test.each([
    ["rr", "balanced"],
    ["Round-Robin", "balanced"],
    ["priority", "ordered"],
  ])("the strategy's old spelling %j means %s", (text, strategy) => {
    expect(resolved({ env: { CODEXMANAGER_ROUTE_STRATEGY: text } }).values.routing.strategy).toBe(strategy);
  });

  test("a list is separated by comma, semicolon and newline", () => {
    const env = { CODEXMANAGER_PROXY_LIST: "http://a:1, http://b:2;;\nsocks5://c:3 \n" };
    expect(resolved({ env }).values.gateway.proxies).toEqual(["http://a:1", "http://b:2", "socks5://c:3"]);
  });

  test("more than five proxies are refused as a whole", () => {
    const { values, warnings } = resolved({ env: { CODEXMANAGER_PROXY_LIST: "a,b,c,d,e,f" } });
    expect(values.gateway.proxies).toEqual([]);
    expect(warnings[0]).toContain("at most 5 values");
  });

  test.each(["http://127.0.0.1:9/codex", "http://[::1]:9", "https://relay.test/v1?x=1"])(
    "an upstream address is used as given: %s",
    (address) => {
      const { values } = resolved({ env: { CODEXMANAGER_UPSTREAM_BASE_URL: address } });
      expect(values.gateway.upstreamUrl).toBe(address);
    },
  );

  test("an upstream address that is none leaves the default", () => {
    for (const address of ["chatgpt.com", "ftp://x.test", "file:///etc/passwd"]) {
      const { values } = resolved({ env: { CODEXMANAGER_UPSTREAM_BASE_URL: address } });
      expect(values.gateway.upstreamUrl).toBe("https://chatgpt.com/backend-api/codex");
    }
  });

  test("addresses to listen on are normalised", () => {
    expect(resolved({ env: { CODEXMANAGER_SERVICE_ADDR: "http://0.0.0.0:1/x" } }).values.service.address).toBe(
      "0.0.0.0:1",
    );
  });
});

test("a setting that may not be stored ignores what is stored under its name", () => {
  const { values } = resolved({ stored: { "gateway.upstreamUrl": "http://evil.test" } });
  expect(values.gateway.upstreamUrl).toBe("https://chatgpt.com/backend-api/codex");
});

test("a knob without effect says so when it is set, whatever sets it", () => {
  const { warnings } = resolved({ env: { CODEXMANAGER_HTTP_WORKER_MIN: "16" } });
  expect(warnings).toEqual([
    "CODEXMANAGER_HTTP_WORKER_MIN has no effect: requests are served by one event loop; there are no thread pools and no queues to size",
  ]);
});

describe("every setting", () => {
  test.each(settingEntries.map((entry) => [entry.key, entry] as const))("%s accepts its own default", (_, entry) => {
    expect(entry.setting.schema.parse(entry.setting.default)).toEqual(entry.setting.default);
  });

  test.each(settingEntries.flatMap(({ key, setting }) => setting.env.map((name) => [name, key, setting] as const)))(
    "%s rules %s",
    (name, key, setting) => {
      const text = example(setting.kind, setting.choices, setting.minimum);
      const { sources, variables } = resolved({ env: { [name]: text } });
      expect([sources[key], variables[key]]).toEqual(["environment", name]);
    },
  );
});

function example(kind: string, choices: readonly string[], minimum: number | null): string {
  if (kind === "number") return String((minimum ?? 0) + 1);
  if (choices.length > 0) return choices.at(-1) ?? "";
  return { switch: "1", address: "127.0.0.1:1", url: "http://127.0.0.1:1", lines: "name = model" }[kind] ?? "words";
}
