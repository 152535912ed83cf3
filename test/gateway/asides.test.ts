// What the gateway answers by itself: kept answers, the account Codex believes to have, endpoints nobody here has.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Running, runService } from "../e2e/running-service.ts";

type Fields = Record<string, unknown>;

let service: Running;
let key: string;

beforeEach(async () => {
  service = await runService();
  key = await service.createKey();
});
afterEach(() => service.close());

interface Request {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly key?: string | null;
}

async function ask(
  path: string,
  { method, body, headers = {}, key: own = key }: Request = {},
): Promise<[number, Fields]> {
  const credentials: Record<string, string> = own === null ? {} : { authorization: `Bearer ${own}` };
  const response = await service.fetch(path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { "content-type": "application/json", ...credentials, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return [response.status, (await response.json()) as Fields];
}

describe("a kept answer", () => {
  let id: string;
  let answer: Fields;

  beforeEach(async () => {
    await service.importAccounts([service.world.addAccount({ name: "ann" })]);
    [, answer] = await ask("/v1/responses", { body: { model: "gpt-5.5", input: "hello" } });
    id = String(answer["id"]);
  });

  test("is given again as it was", async () => {
    expect(await ask(`/v1/responses/${id}`)).toEqual([200, { ...answer, store: true }]);
    expect(await ask(`/v1/responses/${id}?stream=true`)).toMatchObject([400, { error: { code: "invalid_request" } }]);
  });

  test("lists what it answered, the newest first, page by page", async () => {
    const next = { model: "gpt-5.5", input: "more", previous_response_id: id };
    const [, second] = await ask("/v1/responses", { body: next });
    const path = `/v1/responses/${String(second["id"])}/input_items`;
    const [status, list] = await ask(path);
    const all = list["data"] as Fields[];
    expect([status, list["object"], list["has_more"]]).toEqual([200, "list", false]);
    expect(all[0]).toMatchObject({ role: "user", content: [{ type: "input_text", text: "more" }] });
    expect(all.at(-1)).toMatchObject({ role: "user", content: [{ type: "input_text", text: "hello" }] });
    const [, page] = await ask(`${path}?order=asc&limit=1&after=${String(all.at(-1)?.["id"])}`);
    expect(page).toMatchObject({ data: [all.at(-2)], has_more: true });
  });

  test("is gone once it is deleted", async () => {
    expect(await ask(`/v1/responses/${id}`, { method: "DELETE" })).toEqual([
      200,
      { id, object: "response.deleted", deleted: true },
    ]);
    for (const path of [`/v1/responses/${id}`, `/v1/responses/${id}/input_items`]) {
      expect(await ask(path)).toMatchObject([404, { error: { message: `Response with id '${id}' not found.` } }]);
    }
    const next = { model: "gpt-5.5", input: "more", previous_response_id: id };
    expect((await ask("/v1/responses", { body: next }))[0]).toBe(400);
  });

  test("is nobody's but the key's", async () => {
    const other = await service.createKey();
    expect((await ask(`/v1/responses/${id}`, { key: other }))[0]).toBe(404);
    expect((await ask(`/v1/responses/${id}`, { key: other, method: "DELETE" }))[0]).toBe(404);
    expect((await ask(`/v1/responses/${id}`, { key: null }))[0]).toBe(401);
    expect((await ask(`/v1/responses/${id}`))[0]).toBe(200);
  });

  test("is not kept for Codex, which sends everything each time, nor against the client's wish, nor without days", async () => {
    const send = async (more: object, headers = {}) => {
      const [, given] = await ask("/v1/responses", { body: { model: "gpt-5.5", input: "hi", ...more }, headers });
      return (await ask(`/v1/responses/${String(given["id"])}`))[0];
    };
    expect(await send({ store: true })).toBe(200);
    expect(await send({ store: false })).toBe(404);
    await service.rpc("settings/set", { key: "keptResponses.daysKept", value: 0 });
    expect(await send({})).toBe(404);
    expect((await ask(`/v1/responses/${id}`))[0]).toBe(404);
  });
});

describe("the account that Codex believes to have", () => {
  beforeEach(async () => {
    const plus = service.world.addAccount({ name: "ann", plan: "plus" });
    const pro = service.world.addAccount({ name: "bob", plan: "pro" });
    for (const lengthMinutes of [300, 10_080]) {
      plus.setUsed(80, { lengthMinutes });
      pro.setUsed(20, { lengthMinutes });
    }
    await service.importAccounts([plus, pro]);
    await service.rpc("account/usage/refresh");
  });

  test.each(["/backend-api/wham/usage", "/wham/usage", "/api/codex/usage"])(
    "has the pool's usage at %s",
    async (path) => {
      const [status, body] = await ask(path);
      expect(status).toBe(200);
      const window = { used_percent: 28, reset_at: expect.any(Number) as number };
      expect(body).toMatchObject({
        plan_type: "pro",
        rate_limit: {
          allowed: true,
          limit_reached: false,
          primary_window: { ...window, limit_window_seconds: 18_000 },
          secondary_window: { ...window, limit_window_seconds: 604_800 },
        },
      });
      const { rate_limit: limits } = body as { rate_limit: { primary_window: Record<string, number> } };
      const { reset_at: resetAt = 0, reset_after_seconds: after = 0 } = limits.primary_window;
      expect(Math.abs(resetAt - after - Date.now() / 1000)).toBeLessThan(60);
      expect([resetAt, after].every(Number.isInteger)).toBe(true);
    },
  );

  test("is found by the id of the client's own login, with the key in the path", async () => {
    const login = { authorization: "Bearer eyJhbGciOiJub25lIn0.e30.", "chatgpt-account-id": "acct-of-login" };
    const request = { headers: login, key: null };
    const [status, body] = await ask(`/k/${key}/backend-api/wham/accounts/check`, request);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accounts: [
        {
          id: "acct-of-login",
          plan_type: "pro",
          is_deactivated: false,
          workspace_backend_origin: "NO_CONSTRAINT",
          account_routing_override: "NO_CONSTRAINT",
        },
      ],
      default_account_id: "acct-of-login",
      account_ordering: ["acct-of-login"],
    });
    expect((await ask("/wham/accounts/check", request))[0]).toBe(403);
  });

  test("has an id of its own when the client names none, the same each time", async () => {
    const ids = [await ask("/wham/accounts/check"), await ask("/wham/accounts/check")].map(
      ([, body]) => body["default_account_id"],
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  test("has no settings", async () => {
    expect(await ask("/backend-api/wham/settings/user")).toEqual([200, {}]);
  });

  test("is only read", async () => {
    expect(await ask("/wham/usage", { body: {} })).toMatchObject([405, { error: { code: "method_not_allowed" } }]);
  });
});

describe("what no upstream of the pool has", () => {
  test.each([
    "/v1/embeddings",
    "/v1/images/generations",
    "/v1/audio/transcriptions",
    "/v1/moderations",
    "/v1/files",
    "/v1/batches/batch_1",
    "/v1/realtime/client_secrets",
    "/embeddings",
  ])("%s is answered 404, saying that it is not served", async (path) => {
    expect(await ask(path, { body: { input: "x" } })).toMatchObject([
      404,
      {
        error: {
          type: "invalid_request_error",
          code: "not_found",
          message: expect.stringMatching(/not served here/) as string,
        },
      },
    ]);
  });

  test("is told in Anthropic's form to a client that speaks it", async () => {
    const headers = { "anthropic-version": "2023-06-01" };
    expect(await ask("/v1/messages/batches", { body: {}, headers })).toMatchObject([
      404,
      {
        type: "error",
        error: { type: "not_found_error", message: expect.stringContaining("Batches are not") as string },
      },
    ]);
  });

  test("is told to nobody without a key, and paths beside it are unknown as ever", async () => {
    expect((await ask("/v1/embeddings", { key: null, body: {} }))[0]).toBe(401);
    expect(await ask("/v1/nonsense", { body: {} })).toMatchObject([
      404,
      { error: { message: "There is nothing at /v1/nonsense." } },
    ]);
  });
});
