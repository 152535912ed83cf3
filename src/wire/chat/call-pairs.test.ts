import { describe, expect, test } from "vitest";
import { LONGEST_NAME } from "../tool-names.ts";
import { faultOf, itemsOf } from "./testing.ts";

const calls = (...ids: readonly unknown[]) => ({
  role: "assistant",
  tool_calls: ids.map((id, index) => ({ id, function: { name: `tool_${index}`, arguments: "{}" } })),
});
const answer = (id: unknown, content: string) => ({ role: "tool", tool_call_id: id, content });

/** The outputs by the id of their call, and the ids of the calls. */
function paired(...messages: readonly unknown[]) {
  const items = itemsOf(...messages);
  const ids = items.filter(({ type }) => type === "function_call").map((item) => item["call_id"]);
  const outputs = items.filter(({ type }) => type === "function_call_output");
  return { ids, outputs: outputs.map((item) => [ids.indexOf(item["call_id"]), item["output"]]) };
}

describe("calls and outputs", () => {
  test("belong together by their ids, in whatever order the outputs come", () => {
    expect(paired(calls("a", "b"), answer("b", "second"), answer("a", "first"))).toEqual({
      ids: ["a", "b"],
      outputs: [
        [1, "second"],
        [0, "first"],
      ],
    });
  });

  test("without ids belong together in their order, and the same history has the same ids", () => {
    const history = [calls(undefined, ""), answer(null, "first"), answer(undefined, "second")];
    const { ids, outputs } = paired(...history);
    expect(ids).toEqual(["call_1", "call_2"]);
    expect(outputs).toEqual([
      [0, "first"],
      [1, "second"],
    ]);
    const longer = paired(...history, calls(undefined), answer(undefined, "third"));
    expect(longer.ids).toEqual([...ids, "call_3"]);
  });

  test("with an id too long or too odd get one that fits, on both sides", () => {
    const long = `toolu_${"x".repeat(80)}|é`;
    const { ids, outputs } = paired(calls(long), answer(long, "done"));
    expect(String(ids[0]).length).toBeLessThanOrEqual(LONGEST_NAME);
    expect(ids[0]).toMatch(/^[\w-]+$/);
    expect(outputs).toEqual([[0, "done"]]);
  });

  test("may use an id again, in a later round and in the same one", () => {
    const later = paired(calls("a"), answer("a", "first"), calls("a"), answer("a", "second"));
    const same = paired(calls("a", "a"), answer("a", "first"), answer("a", "second"));
    for (const { ids, outputs } of [later, same]) {
      expect(new Set(ids).size).toBe(2);
      expect(outputs).toEqual([
        [0, "first"],
        [1, "second"],
      ]);
    }
  });

  test("may be said twice, but not in two ways", () => {
    expect(paired(calls("a"), answer("a", "x"), answer("a", "x")).outputs).toEqual([[0, "x"]]);
    expect(faultOf({ messages: [calls("a"), answer("a", "x"), answer("a", "y")] })?.param).toBe(
      "messages[2].tool_call_id",
    );
  });

  test("are refused without each other, by the place of the one that is alone", () => {
    expect(faultOf({ messages: [answer("a", "x")] })?.param).toBe("messages[0].tool_call_id");
    expect(faultOf({ messages: [answer(null, "x")] })?.param).toBe("messages[0].tool_call_id");
    expect(faultOf({ messages: [calls("a", "b"), answer("a", "x")] })?.param).toBe("messages[0].tool_calls[1]");
  });
});
