import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { faults } from "./fault-list.ts";
import type { Fault } from "./faults.ts";
import { openTurn, postTurn, turnBody } from "./testing.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { startWorld, type World } from "./world.ts";

const clock = new VirtualClock();
let world: World;
let account: DemoAccount;

beforeAll(async () => {
  world = await startWorld({ clock });
});
afterAll(() => world.close());
beforeEach(() => {
  account = world.addAccount();
});

describe("answers instead of a stream", () => {
  test.each<[string, Fault, number, string]>([
    ["a used-up quota", faults.usageLimit({ resetsInMs: 60_000 }), 429, '"resets_in_seconds":60'],
    ["a used-up quota as 400", faults.usageLimit400(), 400, '"type":"usage_limit_reached"'],
    [
      "a burst limit with its wait in the text",
      faults.rateLimit({ tryAgainIn: "1.5s" }),
      429,
      "Please try again in 1.5s.",
    ],
    ["a burst limit in the backend's form", faults.rateLimitDetail(), 429, '{"detail":"Rate limit exceeded"}'],
    ["insufficient quota", faults.insufficientQuota(), 429, "insufficient_quota"],
    ["a plan without Codex", faults.usageNotIncluded(), 403, "usage_not_included"],
    ["an unknown credential", faults.unauthorized(), 401, '{"detail":"Unauthorized"}'],
    ["a token that cannot be read", faults.unparsableToken(), 401, "Could not parse your authentication token"],
    ["an invalidated token", faults.tokenInvalidated(), 401, '"code":"token_invalidated"'],
    ["an expired token", faults.tokenExpired(), 401, '"code":"token_expired"'],
    ["a deactivated account", faults.accountDeactivated(), 401, '"code":"account_deactivated"'],
    ["a deactivated workspace", faults.workspaceDeactivated(), 402, '{"detail":{"code":"deactivated_workspace"}}'],
    ["a denied workspace", faults.workspaceDenied(), 403, '{"detail":{"code":"codex_workspace_access_denied"}}'],
    ["a challenge page", faults.cloudflareChallenge(), 403, "challenge-platform"],
    ["an internal error", faults.serverError(), 500, '"type":"server_error"'],
    ["any 5xx", faults.serverError(520), 520, '"type":"server_error"'],
    ["an overload", faults.overloaded(), 503, '"code":"server_is_overloaded"'],
    ["a request to slow down", faults.slowDown(), 503, '"code":"slow_down"'],
    ["an overload as 400", faults.atCapacity(), 400, "Selected model is at capacity"],
    ["an input beyond the context", faults.contextTooLong(), 400, '"code":"context_length_exceeded"'],
    ["unverifiable ciphertext", faults.invalidCiphertext(), 400, '"code":"invalid_encrypted_content"'],
    ["an error page", faults.htmlError(), 502, "<h1>502</h1>"],
    ["a compressed error", faults.gzipError(), 502, "Bad gateway"],
    ["any answer", faults.answer({ status: 418, body: "teapot" }), 418, "teapot"],
  ])("%s", async (_title, fault, status, text) => {
    account.fail(fault);
    const turn = await postTurn(world, account);
    expect([turn.status, turn.text]).toEqual([status, expect.stringContaining(text)]);
    expect((await postTurn(world, account)).status).toBe(200);
  });

  test("a burst limit can name its wait in a header", async () => {
    account.fail(faults.rateLimit({ retryAfterSeconds: 7 }));
    expect((await postTurn(world, account)).headers.get("retry-after")).toBe("7");
  });

  test("a used-up quota comes with the headers of the account's windows", async () => {
    account.exhaust({ resetsInMs: 600_000 });
    const turn = await postTurn(world, account);
    expect(turn.status).toBe(429);
    expect(turn.headers.get("x-codex-primary-used-percent")).toBe("100");
    expect(turn.headers.get("x-codex-primary-reset-after-seconds")).toBe("600");
  });
});

describe("refusals inside a stream", () => {
  test.each<[string, Fault, object]>([
    [
      "a used-up quota",
      faults.usageLimitInStream(),
      { type: "response.failed", response: { error: { code: "usage_limit_reached", plan_type: "plus" } } },
    ],
    [
      "a used-up quota as error event",
      faults.usageLimitErrorEvent(),
      { type: "error", error: { type: "usage_limit_reached" } },
    ],
    [
      "a burst limit",
      faults.rateLimitInStream("2s"),
      {
        type: "response.failed",
        response: {
          error: { code: "rate_limit_exceeded", message: expect.stringContaining("try again in 2s") as string },
        },
      },
    ],
    [
      "an overload",
      faults.overloadedInStream(),
      { type: "response.failed", response: { error: { code: "server_is_overloaded" } } },
    ],
    [
      "any failure",
      faults.failedInStream("server_error"),
      { type: "response.failed", response: { error: { code: "server_error" } } },
    ],
    [
      "an incomplete answer",
      faults.incompleteInStream(),
      {
        type: "response.incomplete",
        response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      },
    ],
  ])("%s", async (_title, fault, last) => {
    account.fail(fault);
    const turn = await postTurn(world, account);
    expect(turn.status).toBe(200);
    expect(turn.events.map((event) => event.type).slice(0, -1)).toEqual([
      "response.created",
      "codex.rate_limits",
      "response.in_progress",
    ]);
    expect(turn.events.at(-1)).toMatchObject(last);
  });
});

describe("broken connections and ends", () => {
  test("a reset before the headers", async () => {
    account.fail(faults.resetBeforeHeaders());
    await expect(postTurn(world, account)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(world.turns(account).at(-1)).toMatchObject({
      fault: "reset-before-headers",
      closing: "world",
      status: null,
    });
  });

  test.each([0, 4])("a reset after the headers and %i events", async (afterEvents) => {
    account.fail(faults.resetAfterHeaders(afterEvents));
    const answer = await openTurn(world, account);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow("terminated");
  });

  test("a clean end without a terminal event", async () => {
    account.fail(faults.cutStream(4));
    const turn = await postTurn(world, account);
    expect(turn.events).toHaveLength(4);
    expect(world.turns(account).at(-1)?.closing).toBe("world");
  });

  test("silence before the headers lasts until the client leaves", async () => {
    account.fail(faults.stallBeforeHeaders());
    const leave = new AbortController();
    const request = world.nextRequest();
    const answer = postTurn(world, account, turnBody("hi"), { signal: leave.signal });
    await request;
    leave.abort();
    await expect(answer).rejects.toThrow("aborted");
    expect(await (await request).closed).toBe("client");
  });

  test("silence after some events lasts until the client leaves", async () => {
    account.fail(faults.stallMidStream(3));
    const leave = new AbortController();
    const answer = await openTurn(world, account, turnBody("hi"), { signal: leave.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    leave.abort();
    expect(await world.turns(account).at(-1)?.closed).toBe("client");
  });

  test.each([100, -100])("a content-length that is wrong by %i", async (by) => {
    account.fail(faults.lyingContentLength(by));
    const text = await postTurn(world, account).then(
      (turn) => turn.text,
      (error: Error) => error.message,
    );
    if (by > 0) expect(text).toBe("terminated");
    else expect(text).not.toContain("\n\n\n");
    expect(text.endsWith("}}\n\n")).toBe(false);
  });
});

describe("time", () => {
  const silent = async (fault: Fault): Promise<[Promise<unknown>, () => void]> => {
    account.fail(fault);
    const seen = world.nextRequest();
    const answer = openTurn(world, account);
    await seen;
    return [answer, () => clock.advance(30_000)];
  };

  test("headers can be slow", async () => {
    const [answer, later] = await silent(faults.slowHeaders(30_000));
    expect(world.turns(account).at(-1)?.status).toBeNull();
    later();
    expect(await answer).toMatchObject({ status: 200 });
  });

  test("the first event can be slow while the headers are there", async () => {
    const [answer, later] = await silent(faults.slowFirstByte(30_000));
    const response = (await answer) as Response;
    expect(response.status).toBe(200);
    later();
    expect(await response.text()).toContain("response.completed");
  });
});

describe("odd bytes around a good answer", () => {
  test.each<[string, Fault]>([
    ["junk events", faults.malformedEvents()],
    ["chunks that end within a character", faults.splitUtf8()],
    ["one byte at a time", faults.drip()],
    ["chunks of 7 bytes", faults.chunks(7)],
    ["CRLF line ends", faults.crlf()],
  ])("%s", async (_title, fault) => {
    account.fail(fault);
    const turn = await openTurn(world, account);
    const text = await turn.text();
    expect(text).toContain("✓ ");
    expect(text).toMatch(/"type":"response\.completed"/);
    expect(text.includes("\r\n")).toBe(fault.name === "crlf");
  });

  test("an event of 4 MB", async () => {
    account.fail(faults.bigEvent());
    const { events } = await postTurn(world, account);
    expect(Math.max(...events.map((event) => (event["delta"] as string | undefined)?.length ?? 0))).toBe(
      4 * 1024 * 1024,
    );
  });

  test("a huge stream waits for its reader", async () => {
    account.fail(faults.hugeStream());
    const leave = new AbortController();
    const answer = await openTurn(world, account, turnBody("hi"), { signal: leave.signal });
    await answer.body?.getReader().read();
    expect(account.openTurns).toBe(1);
    leave.abort();
    expect(await world.turns(account).at(-1)?.closed).toBe("client");
  });

  test("a huge stream arrives whole", async () => {
    account.fail(faults.hugeStream(3_000_000));
    const { events, text } = await postTurn(world, account);
    expect(text.length).toBeGreaterThan(3_000_000);
    expect(events.at(-1)?.type).toBe("response.completed");
  });
});

describe("how faults apply", () => {
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    while (seen.length < count) seen.push((await postTurn(world, account)).status);
    return seen;
  };

  test("in their order, each as often as it was asked for", async () => {
    account.fail(faults.serverError(500), { times: 2 });
    account.fail(faults.overloaded());
    expect(await statuses(4)).toEqual([500, 500, 503, 200]);
  });

  test("until cleared", async () => {
    account.fail(faults.serverError(500), { times: Infinity });
    expect(await statuses(2)).toEqual([500, 500]);
    account.clearFaults();
    expect(await statuses(1)).toEqual([200]);
  });

  test("only to the call they are meant for", async () => {
    account.fail(faults.serverError(500), { on: "usage" });
    expect(await statuses(1)).toEqual([200]);
    const usage = await fetch(world.usageUrl, { headers: { authorization: `Bearer ${account.login.accessToken}` } });
    expect(usage.status).toBe(500);
  });

  test("of the host: to whoever comes first", async () => {
    world.fail(faults.htmlError(502));
    const other = world.addAccount();
    expect((await postTurn(world, other)).status).toBe(502);
    expect(await statuses(1)).toEqual([200]);
    world.fail(faults.htmlError(502), { times: Infinity });
    world.clearFaults("turn");
    expect(await statuses(1)).toEqual([200]);
  });

  test("a request can be held and let go", async () => {
    const held = world.hold();
    const answer = postTurn(world, account);
    await held.arrived;
    expect(world.turns(account).at(-1)?.status).toBeNull();
    held.release();
    expect((await answer).status).toBe(200);
  });
});
