import { afterEach, beforeEach, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { faults } from "./fault-list.ts";
import { sendTraffic, type TrafficResult } from "./traffic.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let account: DemoAccount;

beforeEach(async () => {
  world = await startWorld();
  account = world.addAccount();
});
afterEach(() => world.close());

/** Traffic straight at the world, as if it were the gateway, until so many results are in. */
async function collect(count: number, conversations = 2): Promise<TrafficResult[]> {
  const results: TrafficResult[] = [];
  const end = new AbortController();
  await sendTraffic({
    gatewayUrl: world.chatgptUrl,
    key: account.login.accessToken,
    signal: end.signal,
    conversations,
    pauseMs: 0,
    onResult: (result) => {
      results.push(result);
      if (results.length >= count) end.abort();
    },
  });
  return results;
}

test("conversations of several clients go on, with tool calls, and the strict backend takes every request", async () => {
  const results = await collect(60, 4);
  expect(results.filter((result) => !result.isComplete)).toEqual([]);
  expect(new Set(results.map((result) => result.model))).toEqual(new Set(["gpt-6.1-sol", "gpt-5.5"]));
  expect(new Set(results.map((result) => result.conversation)).size).toBeGreaterThan(4);
  const bodies = world.turns().map((request) => request.body.toString());
  expect(bodies.some((body) => body.includes("custom_tool_call_output"))).toBe(true);
});

test("every request of a conversation names it in header and cache key", async () => {
  const results = await collect(5, 1);
  for (const [index, request] of world.turns().slice(0, results.length).entries()) {
    expect(request.headers["thread-id"]).toBe(results[index]?.conversation);
    expect(request.json?.["prompt_cache_key"]).toBe(results[index]?.conversation);
  }
});

test("a refusal is reported with its words, and a new conversation begins", async () => {
  account.fail(faults.workspaceDenied());
  account.fail(faults.overloadedInStream());
  account.fail(faults.resetBeforeHeaders());
  const results = await collect(4, 1);
  expect(results.map((result) => [result.status, result.error])).toEqual([
    [403, 'status 403: {"detail":{"code":"codex_workspace_access_denied"}}'],
    [200, "the stream ended with response.failed"],
    [0, expect.stringContaining("ECONNRESET")],
    [200, null],
  ]);
});
