import { afterAll, beforeAll, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let account: DemoAccount;

beforeAll(async () => {
  world = await startWorld();
  account = world.addAccount();
});
afterAll(() => world.close());

function ask(): Promise<Response> {
  return fetch(`${world.chatgptUrl}/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${account.login.accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "gpt-5.5",
      instructions: "",
      stream: true,
      store: false,
      input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }],
    }),
  });
}

test("a plain turn is answered as a stream that ends with response.completed", async () => {
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(await answer.text()).toMatch(/event: response\.completed\n/);
});
