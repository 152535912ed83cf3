import { describe, expect, test } from "vitest";
import { expandInput, inputOf, readReliance } from "./storage.ts";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const message = (text: string) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const reference = (id: string) => ({ type: "item_reference", id });
const inputAfter = (body: unknown, before: readonly unknown[][], items: Record<string, object> = {}) => {
  const texts = Object.entries(items).map(([id, item]) => [id, JSON.stringify(item)] as const);
  const expanded = expandInput(bytes(body), { before: before.map(bytes), items: new Map(texts) });
  return JSON.parse(expanded.toString("utf8")) as Record<string, unknown>;
};

describe("what a request relies on", () => {
  test("is an earlier response, or items by their ids in their order", () => {
    const body = { previous_response_id: "resp_1", input: [reference("rs_1"), message("hi"), reference("fc_1")] };
    expect(readReliance(bytes(body))).toEqual({
      isKept: true,
      previousResponseId: "resp_1",
      references: ["rs_1", "fc_1"],
    });
  });

  test("is nothing for a text that merely speaks of references, or an id of null", () => {
    const body = { previous_response_id: null, input: [message('{"type":"item_reference","id":"rs_1"}')] };
    expect(readReliance(bytes(body))).toEqual({ isKept: true, previousResponseId: null, references: [] });
  });

  test("may be a single item without a list", () => {
    expect(readReliance(bytes({ input: reference("msg_1") }))?.references).toEqual(["msg_1"]);
  });

  test("only `store: false` asks that the answer be not kept", () => {
    const isKept = (store: unknown) => readReliance(bytes({ store, input: "hi" }))?.isKept;
    expect([isKept(undefined), isKept(null), isKept(true), isKept(false)]).toEqual([true, true, true, false]);
  });

  test("is unknown for what is no object", () => {
    expect(readReliance(Buffer.from("[]"))).toBeNull();
  });
});

describe("a request made whole", () => {
  test("begins with what came before, and no longer names it", () => {
    const body = { model: "m", previous_response_id: "resp_1", input: [message("two")] };
    expect(inputAfter(body, [[message("one")], [{ type: "reasoning" }, { type: "message" }]])).toEqual({
      model: "m",
      input: [message("one"), { type: "reasoning" }, { type: "message" }, message("two")],
    });
  });

  test("has a plain text as a message", () => {
    expect(inputAfter({ input: "two" }, [[message("one")]])["input"]).toEqual([message("one"), message("two")]);
  });

  test("has items in place of the references to them; others stay", () => {
    const call = { type: "function_call", id: "fc_1" };
    const input = [message("go"), reference("fc_1"), reference("rs_9")];
    expect(inputAfter({ input }, [], { fc_1: call })["input"]).toEqual([message("go"), call, reference("rs_9")]);
  });

  test("may have nothing of its own, or nothing before it", () => {
    expect(inputAfter({}, [[message("one")], []])["input"]).toEqual([message("one")]);
    expect(inputAfter({ input: [message("one")] }, [[]])["input"]).toEqual([message("one")]);
  });
});

test("the input of a request is found as it stands", () => {
  expect(inputOf(Buffer.from('{"model":"m","input": [ 1 ],"x":1}'))?.toString()).toBe("[ 1 ]");
  expect(inputOf(Buffer.from("{}"))).toBeNull();
});
