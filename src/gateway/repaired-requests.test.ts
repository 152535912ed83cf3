import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../demo/index.ts";
import { backendProfile } from "../wire/responses/profile.ts";
import { repairForBackend } from "../wire/responses/repair.ts";

let world: World;
let send: (body: Buffer) => Promise<Response>;

beforeAll(async () => {
  world = await startWorld();
  const { accessToken } = world.addAccount({ plan: "plus" }).login;
  const headers = { "content-type": "application/json", authorization: `Bearer ${accessToken}` };
  send = (body) =>
    fetch(`${world.chatgptUrl}/responses`, { method: "POST", headers, body: body as Uint8Array<ArrayBuffer> });
});
afterAll(() => world.close());

const user = { role: "user", content: "hello" };
const parameters = { type: "object", properties: { q: { type: "string" } } };
const turn = [
  { role: "system", content: "be brief" },
  { type: "message", role: "user", content: [{ type: "input_text", text: "hi", prompt_cache_breakpoint: true }] },
  { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "sealed by somebody else" },
  { type: "item_reference", id: "rs_2" },
  {
    type: "message",
    id: "m".repeat(70),
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text: "yes?", annotations: [] }],
  },
  {
    type: "function_call",
    id: "call_1",
    call_id: "call_1",
    name: "search",
    arguments: '{"q":"x"}',
    status: "completed",
  },
  { type: "function_call_output", id: "fco_1", call_id: "call_1", output: "found", status: "completed" },
  user,
];
const refused = backendProfile.refusedParameters.filter(
  (name) => name !== "conversation" && name !== "previous_response_id",
);

/** Requests as SDKs and other tools write them. */
const requests: Readonly<Record<string, Record<string, unknown>>> = {
  "a text": { input: "hello" },
  "a text that is stored, without a stream": { input: "hello", store: true, stream: false, instructions: null },
  "a single item": { input: user },
  "every parameter that is refused": { input: "hello", ...Object.fromEntries(refused.map((name) => [name, 1])) },
  "a conversation with everything in it": { input: turn, tools: [{ type: "function", name: "search", parameters }] },
  "a web search under its old name": {
    input: "hello",
    tools: [{ type: "web_search_preview" }],
    tool_choice: { type: "web_search_preview" },
  },
  "the least effort, the default tier, and an include nobody knows": {
    input: "hello",
    reasoning: { effort: "minimal" },
    service_tier: "auto",
    include: ["something.else"],
  },
};

test.each(Object.keys(requests))("%s is served once repaired, and only then", async (name) => {
  const body = Buffer.from(JSON.stringify({ model: "gpt-5.5", ...requests[name] }));
  const repaired = repairForBackend(body);
  if (!repaired.ok) throw new Error(repaired.fault.message);
  expect((await send(body)).status).toBe(400);
  const answer = await send(repaired.body);
  expect({ status: answer.status, text: await answer.text() }).toMatchObject({
    status: 200,
    text: expect.stringContaining("response.completed") as unknown,
  });
});
