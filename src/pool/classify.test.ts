import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freshFacts } from "./account.ts";
import { rows } from "./classify-table.ts";
import { classify, judge } from "./classify.ts";
import type { Observation } from "./observation.ts";

const now = Date.UTC(2026, 10, 20, 12);

const answer = (status: number, more: Partial<Observation> = {}): Observation => {
  return {
    phase: "answer",
    status,
    code: null,
    type: null,
    message: "",
    isHtml: false,
    retryAfterMs: null,
    resetsAt: null,
    ...more,
  };
};
const inStream = (more: Partial<Observation>) => answer(200, { phase: "stream", ...more });
const silence = (phase: "connect" | "wait" | "stream") => ({ ...answer(0), phase, status: null });

/** What is seen, and then code, class, scope, retry and rest. */
type Case = readonly [title: string, seen: Observation, verdict: string];

const AT_CAPACITY = "Selected model is at capacity. Please try a different model.";
const UNSUPPORTED = "The 'gpt-5.6-sol' model is not supported when using Codex with a ChatGPT account.";
const UNVERIFIED =
  "The encrypted content gAAA...zQ== could not be verified. Reason: Encrypted content organization_id did not match the target organization.";

const quota: readonly Case[] = [
  [
    "a used-up window",
    answer(429, { type: "usage_limit_reached" }),
    "usage_limit_reached quota account next until_reset",
  ],
  [
    "a used-up window told as 400",
    answer(400, { type: "usage_limit_reached" }),
    "usage_limit_reached quota account next until_reset",
  ],
  [
    "a used-up window inside a 200 stream",
    inStream({ code: "usage_limit_reached" }),
    "usage_limit_reached quota account next until_reset",
  ],
  ["no credit", answer(429, { code: "insufficient_quota" }), "insufficient_quota quota account next until_reset"],
  ["quota exceeded", answer(429, { code: "quota_exceeded" }), "insufficient_quota quota account next until_reset"],
  [
    "a plan without this use",
    answer(403, { code: "usage_not_included" }),
    "usage_not_included quota account next until_reset",
  ],
  ["payment required", answer(402), "insufficient_quota quota account next until_reset"],
  [
    "a burst limit",
    answer(429, { code: "rate_limit_exceeded" }),
    "rate_limit_exceeded rate_limit account next as_told",
  ],
  [
    "a burst limit by its type",
    answer(429, { type: "requests" }),
    "rate_limit_exceeded rate_limit account next as_told",
  ],
  [
    "a burst limit in words alone",
    answer(429, { message: "Rate limit exceeded" }),
    "rate_limit_exceeded rate_limit account next as_told",
  ],
  [
    "a burst limit inside a 200 stream",
    inStream({ code: "rate_limit_exceeded" }),
    "rate_limit_exceeded rate_limit account next as_told",
  ],
];

const overload: readonly Case[] = [
  [
    "an overloaded server",
    answer(503, { code: "server_is_overloaded" }),
    "server_is_overloaded overload request same none",
  ],
  ["slow down", answer(503, { code: "slow_down" }), "server_is_overloaded overload request same none"],
  ["an overloaded error", answer(529, { type: "overloaded_error" }), "server_is_overloaded overload request same none"],
  [
    "overload inside a 200 stream",
    inStream({ code: "server_is_overloaded" }),
    "server_is_overloaded overload request same none",
  ],
  [
    "a model at capacity, even as 400",
    answer(400, { message: AT_CAPACITY }),
    "server_is_overloaded overload request same none",
  ],
  ...[408, 500, 501, 502, 503, 504, 507, 520, 521, 522, 525, 530].map((status): Case => [
    `status ${status}`,
    answer(status),
    "upstream_error host host same none",
  ]),
  ["a 520 page", answer(520, { isHtml: true }), "upstream_error host host same none"],
  ["a failure in a stream that gives no reason", inStream({ message: "Sorry." }), "upstream_error host host same none"],
  ["trouble inside a stream", inStream({ type: "server_error" }), "upstream_error host host same none"],
];

const requests: readonly Case[] = [
  [
    "a context too long",
    answer(400, { code: "context_length_exceeded" }),
    "context_length_exceeded request request never none",
  ],
  [
    "a context too long as 413",
    answer(413, { code: "context_length_exceeded" }),
    "context_length_exceeded request request never none",
  ],
  [
    "a context too long as 502",
    answer(502, { code: "context_length_exceeded" }),
    "context_length_exceeded request request never none",
  ],
  [
    "a context too long in a stream",
    inStream({ code: "context_length_exceeded" }),
    "context_length_exceeded request request never none",
  ],
  [
    "foreign ciphertext",
    answer(400, { code: "invalid_encrypted_content" }),
    "invalid_encrypted_content request request strip none",
  ],
  [
    "foreign ciphertext with code null",
    answer(400, { type: "invalid_request_error", message: UNVERIFIED }),
    "invalid_encrypted_content request request strip none",
  ],
  [
    "foreign ciphertext told inside a stream",
    inStream({ message: UNVERIFIED }),
    "invalid_encrypted_content request request strip none",
  ],
  [
    "foreign tool output",
    answer(400, { message: "Encrypted function output content could not be decrypted" }),
    "invalid_encrypted_content request request strip none",
  ],
  [
    "an unknown earlier response",
    answer(400, { code: "previous_response_not_found" }),
    "previous_response_not_found request request never none",
  ],
  [
    "an unknown earlier response in words",
    answer(400, { message: "Invalid `previous_response_id`." }),
    "previous_response_not_found request request never none",
  ],
  [
    "an item that is not stored",
    answer(404, { message: "Item with id 'rs_1' not found." }),
    "invalid_request request request never none",
  ],
  [
    "a missing tool output",
    answer(400, { message: "No tool output found for function call call_1." }),
    "invalid_request request request never none",
  ],
  [
    "a policy",
    answer(400, { code: "cyber_policy", type: "invalid_request" }),
    "content_policy request request never none",
  ],
  ["a body too large", answer(413), "request_too_large request request never none"],
  [
    "an unsupported parameter",
    answer(400, { message: "Unsupported parameter: temperature" }),
    "invalid_request request request never none",
  ],
  [
    "store not false",
    answer(400, { message: "Store must be set to false" }),
    "invalid_request request request never none",
  ],
  [
    "a failure in a stream that nobody knows",
    inStream({ code: "something_new" }),
    "invalid_request request request never none",
  ],
];

const credentials: readonly Case[] = [
  ...["token_expired", "token_invalidated", "token_revoked"].map((code): Case => [
    code,
    answer(401, { code }),
    "token_invalidated credential account refresh short",
  ]),
  [
    "a token that cannot be parsed",
    answer(401, { message: "Could not parse your authentication token. Please try signing in again." }),
    "token_invalidated credential account refresh short",
  ],
  ["Unauthorized", answer(401, { message: "Unauthorized" }), "token_invalidated credential account refresh short"],
  ...["account_deactivated", "account_suspended", "account_deleted"].map((code): Case => [
    code,
    answer(401, { code }),
    "account_deactivated credential account next none",
  ]),
  [
    "a closed workspace",
    answer(402, { code: "deactivated_workspace" }),
    "account_deactivated credential account next none",
  ],
  [
    "no access in this workspace",
    answer(403, { code: "codex_workspace_access_denied" }),
    "workspace_denied credential account next none",
  ],
  [
    "a 403 without a known reason",
    answer(403, { message: "Forbidden" }),
    "access_denied credential account next short",
  ],
  [
    "a model the plan has not got",
    answer(400, { message: UNSUPPORTED }),
    "model_not_supported model account_model next half_day",
  ],
  [
    "a model nobody knows",
    answer(404, { code: "model_not_found" }),
    "model_not_supported model account_model next half_day",
  ],
  [
    "a deployment nobody has made",
    answer(404, { code: "DeploymentNotFound" }),
    "model_not_supported model account_model next half_day",
  ],
  [
    "a key that Gemini does not know",
    answer(400, { code: "invalid_api_key" }),
    "token_invalidated credential account refresh short",
  ],
];

const network: readonly Case[] = [
  ["no connection", silence("connect"), "upstream_unreachable host host same none"],
  ["no answer in time", silence("wait"), "upstream_timeout host host next none"],
  ["a stream that broke off", silence("stream"), "upstream_stream_truncated host host same none"],
  ["a challenge page", answer(403, { isHtml: true }), "upstream_challenge host host next none"],
  ["a challenge page that says 200", answer(200, { isHtml: true }), "upstream_challenge host host next none"],
  ["a redirect", answer(302), "upstream_error host host next none"],
];

test.each([...quota, ...overload, ...requests, ...credentials, ...network])("%s", (_title, seen, expected) => {
  const { code, class: kind, scope, retry, rest } = classify(seen);
  expect([code, kind, scope, retry, rest].join(" ")).toBe(expected);
});

test("every row of the table is reached by one of these cases", () => {
  const cases = [...quota, ...overload, ...requests, ...credentials, ...network];
  const reached = new Set(cases.map(([, seen]) => classify(seen)));
  expect(rows.filter((row) => !reached.has(row.verdict)).map((row) => row.title)).toEqual([]);
});

describe("messages count only as a whole", () => {
  const told = [AT_CAPACITY, UNSUPPORTED, UNVERIFIED, "Invalid `previous_response_id`."];

  test.each(told)("a text that quotes %j is no such refusal", (message) => {
    for (const text of [`Invalid value: ${message}`, `'${message}' is not allowed`, `say: ${message}\n`]) {
      expect(classify(answer(400, { message: text })).code).toBe("invalid_request");
    }
  });

  test.each([
    "usage_limit_reached",
    "rate_limit_exceeded",
    "server_is_overloaded",
    "account_deactivated",
    "token_expired",
  ])("a message that merely contains %s is the request's own", (word) => {
    expect(classify(answer(400, { message: `Invalid value: '${word}'` })).code).toBe("invalid_request");
    expect(classify(inStream({ type: "invalid_request_error", message: word })).code).toBe("invalid_request");
  });
});

describe("whatever is seen", () => {
  const words = rows.flatMap((row) => row.words ?? []);
  const word = fc.option(fc.oneof(fc.constantFrom(...words), fc.string()));
  const observation: fc.Arbitrary<Observation> = fc
    .record({
      phase: fc.constantFrom("connect" as const, "wait" as const, "answer" as const, "stream" as const),
      status: fc.option(fc.integer({ min: 200, max: 599 })),
      code: word,
      type: word,
      message: fc.oneof(fc.string(), fc.constantFrom(AT_CAPACITY, UNSUPPORTED, UNVERIFIED)),
      isHtml: fc.boolean(),
      retryAfterMs: fc.option(fc.double()),
      resetsAt: fc.option(fc.double()),
    })
    .map((seen) => ({ ...seen, status: seen.phase === "connect" || seen.phase === "wait" ? null : seen.status }));

  test("there is a verdict, and it blames only whom it concerns", () => {
    const scopes = {
      request: "request",
      overload: "request",
      host: "host",
      model: "account_model",
      quota: "account",
      credential: "account",
      rate_limit: "account",
      gateway: "request",
    };
    fc.assert(
      fc.property(observation, (seen) => {
        const verdict = classify(seen);
        expect(verdict.scope).toBe(scopes[verdict.class]);
        if (verdict.scope === "request" || verdict.scope === "host") expect(verdict.rest).toBe("none");
      }),
      { numRuns: 500 },
    );
  });

  test("the failure has words, and a time that lies ahead within a year or none", () => {
    fc.assert(
      fc.property(observation, (seen) => {
        const { message, until } = judge({ seen, facts: freshFacts, now });
        expect(message.length).toBeGreaterThan(0);
        expect(message.length).toBeLessThanOrEqual(501);
        if (until === undefined) return;
        expect(until).toBeGreaterThan(now);
        expect(new Date(until).getUTCFullYear()).toBeLessThan(2028);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a failure", () => {
  test("carries the upstream's words, clipped for people, and its answer", () => {
    const own = { status: 400, contentType: "application/json", body: Buffer.from("{}") };
    const seen = answer(400, { message: "x".repeat(600) });
    expect(judge({ seen, facts: freshFacts, answer: own, now })).toEqual({
      code: "invalid_request",
      class: "request",
      scope: "request",
      retry: "never",
      message: `${"x".repeat(500)}…`,
      until: undefined,
      answer: own,
    });
  });

  test("is recognised by its whole message, however long", () => {
    const message = `The encrypted content ${"gAAAA".repeat(400)} could not be verified.`;
    expect(judge({ seen: answer(400, { message }), facts: freshFacts, now }).code).toBe("invalid_encrypted_content");
  });

  test.each([
    [silence("connect"), "could not be reached"],
    [silence("wait"), "did not answer in time"],
    [silence("stream"), "broke off"],
    [answer(502), "status 502"],
  ])("without words gets plain ones", (seen, words) => {
    expect(judge({ seen, facts: freshFacts, now }).message).toContain(words);
  });
});
