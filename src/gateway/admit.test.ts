import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { admit, type AdmitParts } from "./admit.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { isFailure } from "./failures.ts";
import { type AdmittedKey, type KeySource, noKeyLimits } from "./ports.ts";
import { KeyPlaces } from "./key-places.ts";
import { recognise } from "./recognise.ts";
import { received } from "./testing.ts";

const key: AdmittedKey = {
  id: "k1",
  name: "mine",
  isEnabled: true,
  model: null,
  reasoningEffort: null,
  ...noKeyLimits,
};

const keysByHash = new Map<string, AdmittedKey>([
  [hash("sha256", "cmk_good"), key],
  [hash("sha256", "cmk_off"), { ...key, id: "k2", isEnabled: false }],
  [hash("sha256", "cmk_one"), { ...key, id: "k4", maxInflight: 1 }],
  [hash("sha256", "cmk_bound"), { ...key, id: "k3", model: "gpt-bound" }],
]);
const keys: KeySource = { findByHash: (digest) => keysByHash.get(digest) ?? null, touch() {} };

const LOGIN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl";

const clock = new VirtualClock();
const parts: AdmitParts = {
  keys,
  keyPlaces: new KeyPlaces(clock),
  queueWaitMs: () => 0,
  resolveModel: (name) => ({
    model: `real-${name}`,
    reasoningEffort: null,
    serviceTier: null,
    reason: "alias",
    pattern: name,
  }),
};

async function enter(headers: Record<string, string>, url = "/v1/responses") {
  const recognised = recognise(received({ model: "gpt-x" }, headers, url));
  const result = await admit(recognised, parts);
  return isFailure(result) ? result.code : `${result.key.id} ${result.model}`;
}

describe("a platform key", () => {
  test.each(["authorization", "x-api-key", "api-key", "x-goog-api-key"])(
    "lets in when it stands in %s",
    async (name) => {
      expect(await enter({ [name]: name === "authorization" ? "Bearer cmk_good" : " cmk_good " })).toBe(
        "k1 real-gpt-x",
      );
    },
  );

  test("is read whatever the case of the word before it", async () => {
    expect(await enter({ authorization: "bearer  cmk_good" })).toBe("k1 real-gpt-x");
  });

  test("in the path wins over every header, which then belongs to the client's own login", async () => {
    expect(await enter({ authorization: `Bearer ${LOGIN}`, "x-api-key": "cmk_off" }, "/k/cmk_good/v1/responses")).toBe(
      "k1 real-gpt-x",
    );
    expect(await enter({ authorization: "Bearer cmk_good" }, "/k/wrong/v1/responses")).toBe("unknown_key");
  });

  test("lays down the model that counts", async () =>
    expect(await enter({ "x-api-key": "cmk_bound" })).toBe("k3 gpt-bound"));

  test("lets in as many at once as it may, and tells the others to come back in a moment", async () => {
    expect(await enter({ "x-api-key": "cmk_one" })).toBe("k4 real-gpt-x");
    const second = enter({ "x-api-key": "cmk_one" });
    clock.advance(0);
    expect(await second).toBe("rate_limit_exceeded");
  });

  test.each([
    ["missing_key", {}],
    ["missing_key", { authorization: "Bearer " }],
    ["missing_key", { authorization: "Basic cmk_good" }],
    ["missing_key", { "x-api-key": "  " }],
    ["unknown_key", { authorization: "Bearer sk-something" }],
    ["key_disabled", { authorization: "Bearer cmk_off" }],
    ["login_instead_of_key", { authorization: `Bearer ${LOGIN}` }],
  ] as const)("is asked for: %s", async (code, headers) => expect(await enter(headers)).toBe(code));
});

test("no refusal repeats what was presented", async () => {
  for (const secret of ["sk-secret", LOGIN, "cmk_off"]) {
    const refused = await admit(recognise(received({}, { authorization: `Bearer ${secret}` })), parts);
    expect(JSON.stringify(refused)).not.toContain(secret);
  }
});
