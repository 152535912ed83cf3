import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { admit } from "./admit.ts";
import { isFailure } from "./failures.ts";
import { type AdmittedKey, type KeySource, noKeyLimits } from "./ports.ts";
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
  [hash("sha256", "cmk_bound"), { ...key, id: "k3", model: "gpt-bound" }],
]);
const keys: KeySource = { findByHash: (digest) => keysByHash.get(digest) ?? null, touch() {} };

const LOGIN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl";

function enter(headers: Record<string, string>, url = "/v1/responses") {
  const result = admit(recognise(received({ model: "gpt-x" }, headers, url)), keys);
  return isFailure(result) ? result.code : `${result.key.id} ${result.model}`;
}

describe("a platform key", () => {
  test.each(["authorization", "x-api-key", "api-key", "x-goog-api-key"])("lets in when it stands in %s", (name) => {
    expect(enter({ [name]: name === "authorization" ? "Bearer cmk_good" : " cmk_good " })).toBe("k1 gpt-x");
  });

  test("is read whatever the case of the word before it", () => {
    expect(enter({ authorization: "bearer  cmk_good" })).toBe("k1 gpt-x");
  });

  test("in the path wins over every header, which then belongs to the client's own login", () => {
    expect(enter({ authorization: `Bearer ${LOGIN}`, "x-api-key": "cmk_off" }, "/k/cmk_good/v1/responses")).toBe(
      "k1 gpt-x",
    );
    expect(enter({ authorization: "Bearer cmk_good" }, "/k/wrong/v1/responses")).toBe("unknown_key");
  });

  test("lays down the model that counts", () => expect(enter({ "x-api-key": "cmk_bound" })).toBe("k3 gpt-bound"));

  test.each([
    ["missing_key", {}],
    ["missing_key", { authorization: "Bearer " }],
    ["missing_key", { authorization: "Basic cmk_good" }],
    ["missing_key", { "x-api-key": "  " }],
    ["unknown_key", { authorization: "Bearer sk-something" }],
    ["key_disabled", { authorization: "Bearer cmk_off" }],
    ["login_instead_of_key", { authorization: `Bearer ${LOGIN}` }],
  ] as const)("is asked for: %s", (code, headers) => expect(enter(headers)).toBe(code));
});

test("no refusal repeats what was presented", () => {
  for (const secret of ["sk-secret", LOGIN, "cmk_off"]) {
    const refused = admit(recognise(received({}, { authorization: `Bearer ${secret}` })), keys);
    expect(JSON.stringify(refused)).not.toContain(secret);
  }
});
