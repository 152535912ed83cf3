import { afterAll, beforeAll, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { faults } from "./fault-list.ts";
import { eventsOf } from "./read-events.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let account: DemoAccount & { readonly apiKey: string };

beforeAll(async () => {
  world = await startWorld();
  account = world.addApiKey();
});
afterAll(() => world.close());

function ask(body: object, key = account.apiKey): Promise<Response> {
  return fetch(`${world.apiUrl}/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: "gpt-5.4", input: "hi", ...body }),
  });
}

test("takes a string, sampling parameters and no stream, and answers with one object", async () => {
  const answer = await ask({ temperature: 0.5, store: true });
  expect(await answer.json()).toMatchObject({ object: "response", status: "completed", output: [{ type: "message" }] });
});

test("streams with a filled final output", async () => {
  const events = eventsOf(await (await ask({ stream: true })).text());
  expect(events.map((event) => event.type)).not.toContain("codex.rate_limits");
  expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { output: [{ type: "message" }] } });
});

test("refuses unknown keys and unknown previous responses", async () => {
  expect((await ask({}, "sk-wrong-key")).status).toBe(401);
  expect(await (await ask({ previous_response_id: "resp_1" })).json()).toMatchObject({
    error: { code: "previous_response_not_found", param: "previous_response_id" },
  });
});

test("fails as it is told to", async () => {
  account.fail(faults.insufficientQuota());
  expect((await ask({})).status).toBe(429);
});

test("lists models in the form of the OpenAI API", async () => {
  const answer = await fetch(`${world.apiUrl}/models`, { headers: { authorization: `Bearer ${account.apiKey}` } });
  expect(await answer.json()).toMatchObject({
    object: "list",
    data: expect.arrayContaining([expect.objectContaining({ id: "gpt-5.4" })]) as unknown,
  });
});
