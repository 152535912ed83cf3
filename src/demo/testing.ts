// Short ways for tests to speak to a world directly.

import { eventsOf, type StreamEvent } from "./read-events.ts";
import type { DemoAccount } from "./account.ts";
import type { World } from "./world.ts";

export interface Turn {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The `data` of the stream's events. */
  readonly events: readonly StreamEvent[];
}

/** A minimal valid body with one user message. */
export function turnBody(text: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: "gpt-5.5",
    instructions: "",
    stream: true,
    store: false,
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text }] }],
    ...fields,
  };
}

/** Sends a turn without waiting for its body. */
export function openTurn(
  world: World,
  account: DemoAccount,
  body: object = turnBody("hi"),
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${world.chatgptUrl}/responses`, {
    method: "POST",
    body: JSON.stringify(body),
    ...init,
    headers: { authorization: `Bearer ${account.login.accessToken}`, ...(init.headers as Record<string, string>) },
  });
}

export async function postTurn(world: World, account: DemoAccount, body?: object, init?: RequestInit): Promise<Turn> {
  const answer = await openTurn(world, account, body, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, events: answer.ok ? eventsOf(text) : [] };
}
