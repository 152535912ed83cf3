import fc from "fast-check";
import { expect, test } from "vitest";
import { isFailure } from "../failures.ts";
import { type CreateFrame, readFrame } from "./client-frame.ts";
import { ConversationMemory, MemoryBudget } from "./conversation-memory.ts";
import { selfContained } from "./self-contained.ts";

function create(fields: object): CreateFrame {
  const frame = readFrame(Buffer.from(JSON.stringify({ type: "response.create", ...fields })));
  if (frame.kind !== "create") throw new Error(frame.kind);
  return frame.create;
}

const bodyOf = (frame: CreateFrame, memory: ConversationMemory): unknown => {
  const request = selfContained(frame, memory, undefined);
  return isFailure(request) ? request.code : JSON.parse(request.body.toString());
};

test("a request that says everything itself loses what exists in frames only", () => {
  const memory = new ConversationMemory(new MemoryBudget());
  const frame = create({ model: "m", input: [{ a: 1 }], generate: true, store: false });
  expect(bodyOf(frame, memory)).toEqual({ model: "m", input: [{ a: 1 }], store: false, stream: true });
});

test("a text as input stays one, and is remembered as a message", () => {
  const memory = new ConversationMemory(new MemoryBudget());
  const first = selfContained(create({ input: 'say "é"' }), memory, undefined);
  if (isFailure(first)) throw new Error(first.code);
  expect(JSON.parse(first.body.toString())).toEqual({ input: 'say "é"', stream: true });
  memory.remember("resp_1", first.items);
  const content = [{ type: "input_text", text: 'say "é"' }];
  const body = { input: [{ type: "message", role: "user", content }, { b: 2 }], stream: true };
  expect(bodyOf(create({ previous_response_id: "resp_1", input: [{ b: 2 }] }), memory)).toEqual(body);
});

test("the conversation is whole again, however it was cut into requests", () => {
  const anyItems = fc.array(fc.record({ type: fc.string(), text: fc.string({ unit: "binary" }) }), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(anyItems, { minLength: 1, maxLength: 5 }), (requests) => {
      const memory = new ConversationMemory(new MemoryBudget());
      requests.forEach((input, index) => {
        const previous = index === 0 ? {} : { previous_response_id: `resp_${index - 1}` };
        const request = selfContained(create({ input, ...previous }), memory, undefined);
        if (isFailure(request)) throw new Error(request.code);
        const body = JSON.parse(request.body.toString()) as { input: unknown };
        expect(body.input).toEqual(JSON.parse(JSON.stringify(requests.slice(0, index + 1).flat())));
        memory.remember(`resp_${index}`, request.items);
      });
    }),
  );
});

test("a response that is not known is told by the code that makes Codex send everything", () => {
  const memory = new ConversationMemory(new MemoryBudget());
  const refusal = selfContained(create({ previous_response_id: "resp_0", input: [] }), memory, undefined);
  expect(refusal).toMatchObject({ code: "previous_response_not_found", param: "previous_response_id" });
});

test("the client's metadata is replaced, or left out when nothing is left of it", () => {
  const memory = new ConversationMemory(new MemoryBudget());
  const frame = create({ input: [], client_metadata: { a: "1" } });
  const bodies = ['{"b":"2"}', null].map((metadata) => {
    const request = selfContained(frame, memory, metadata);
    return isFailure(request) ? null : (JSON.parse(request.body.toString()) as unknown);
  });
  expect(bodies).toEqual([
    { input: [], client_metadata: { b: "2" }, stream: true },
    { input: [], stream: true },
  ]);
});
