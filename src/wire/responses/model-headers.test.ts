import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WithoutModelHeaders } from "./model-headers.ts";

const recorded = readFileSync(join(import.meta.dirname, "fixtures/stream-with-reasoning.txt"));

function filtered(chunks: readonly Buffer[]): string {
  const stream = new WithoutModelHeaders();
  return [...chunks.map((chunk) => Buffer.from(stream.push(chunk))), stream.end()].map(String).join("");
}

const through = (text: string) => filtered([Buffer.from(text)]);
const event = (fields: object) => `event: response.metadata\ndata: ${JSON.stringify(fields)}\n\n`;

describe("a stream of another model than Codex asked for", () => {
  test.each(["openai-model", "OpenAI-Model", "x-openai-model"])("does not name it in the header %s", (name) => {
    const headers = { [name]: "gpt-y", "x-codex-turn-state": "s" };
    const kept = { "x-codex-turn-state": "s" };
    expect(through(event({ type: "response.metadata", headers }))).toBe(
      event({ type: "response.metadata", headers: kept }),
    );
    expect(through(event({ type: "response.created", response: { id: "r", headers } }))).toBe(
      event({ type: "response.created", response: { id: "r", headers: kept } }),
    );
  });

  test("does not name it in an event that only its data names", () => {
    const data = { type: "response.metadata", headers: { "openai-model": ["gpt-y"] } };
    const [, text = ""] = through(`data: ${JSON.stringify(data)}\n\n`).split("data: ");
    expect(JSON.parse(text)).toEqual({ type: "response.metadata", headers: {} });
  });

  test("is otherwise what the upstream sent, also where an answer speaks of such headers", () => {
    const spoken = `event: x\r\ndata: ${JSON.stringify({ type: "x", delta: '"openai-model": "gpt-y"' })}\r\n\r\n`;
    const odd = ": openai-model\n\ndata: openai-model, but no JSON\n\n";
    expect(through(spoken + odd)).toBe(spoken + odd);
    expect(filtered([recorded])).toBe(recorded.toString());
  });

  test("is the same however the bytes are cut", () => {
    const bytes = Buffer.from(event({ type: "x", headers: { "openai-model": "gpt-y" } }) + recorded.toString());
    const whole = filtered([bytes]);
    expect(filtered(Array.from(bytes, (byte) => Buffer.from([byte])))).toBe(whole);
  });
});
