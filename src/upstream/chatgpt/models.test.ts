import type { Dispatcher } from "undici";
import { expect, test } from "vitest";
import { parseUpstreamAddress } from "../address.ts";
import { fetchModels } from "./models.ts";

function ask(statusCode: number, body: unknown) {
  const requests: unknown[] = [];
  const dispatcher = {
    request: async ({ origin, path, method, headers }: Record<string, unknown>) => {
      requests.push({ origin, path, method, headers });
      if (body instanceof Error) throw body;
      return { statusCode, body: { json: async () => body } };
    },
  } as unknown as Dispatcher;
  const address = parseUpstreamAddress("https://chatgpt.com");
  const models = fetchModels({
    dispatcher,
    address,
    clientVersion: "0.169.0+x y",
    headers: ["authorization", "Bearer t"],
  });
  return { models, requests };
}

test("the catalogue is asked for the client's version, and its rows are kept whole", async () => {
  const rows = [
    { slug: "gpt-x", model_messages: { a: 1 } },
    { slug: "gpt-y", tomorrow: [] },
  ];
  const { models, requests } = ask(200, { models: [...rows, null, { slug: 7 }, "x"] });
  expect(await models).toEqual(rows);
  expect(requests).toEqual([
    {
      origin: "https://chatgpt.com",
      path: "/backend-api/codex/models?client_version=0.169.0%2Bx%20y",
      method: "GET",
      headers: ["authorization", "Bearer t"],
    },
  ]);
});

test.each([
  ["another status", 401, { models: [] }],
  ["no list", 200, { data: [] }],
  ["nothing", 200, null],
  ["no connection", 0, new Error("ECONNREFUSED")],
])("with %s there is no catalogue, and no exception", async (_what, status, body) => {
  expect(await ask(status, body).models).toBeNull();
});
