import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Item } from "./internal.ts";
import { FaultyRequest } from "./translation.ts";
import { UpstreamTools } from "./upstream-tools.ts";
import { inTurns } from "./upstream-turns.ts";

const user = (text: string): Item => ({ type: "message", role: "user", content: text });
const said = (text: string): Item => ({ type: "message", role: "assistant", content: text });
const call = (id: string): Item => ({ type: "function_call", call_id: id, name: "f", arguments: "{}" });
const output = (id: string, text = `of ${id}`): Item => ({ type: "function_call_output", call_id: id, output: text });

function ordered(...input: readonly Item[]): readonly Item[] {
  return inTurns(input, new UpstreamTools({ input })).map(({ item }) => item);
}

/** One word for each item. */
function course(...input: readonly Item[]): string {
  return ordered(...input)
    .map(({ type, call_id: id, output: given, content }) => {
      return type === "message"
        ? String(content)
        : type === "function_call"
          ? String(id)
          : `${String(id)}=${String(given)}`;
    })
    .join(" | ");
}

describe("what calls have given stands at once behind all that was said and called in their turn", () => {
  test.each([
    ["when it does so already", [call("a"), call("b"), output("a"), output("b")], "a | b | a=of a | b=of b"],
    ["in the order in which it came", [call("a"), call("b"), output("b"), output("a")], "a | b | b=of b | a=of a"],
    ["when the model said more", [call("a"), said("mid"), output("a")], "a | mid | a=of a"],
    ["when the user said more", [call("a"), user("wait"), output("a")], "a | a=of a | wait"],
    [
      "when one came late",
      [call("a"), call("b"), output("a"), said("mid"), output("b")],
      "a | b | a=of a | b=of b | mid",
    ],
  ])("%s", (_when, input, expected) => {
    expect(course(...input)).toBe(expected);
  });
});

test("a call that nobody answered was broken off, unless it is the last word", () => {
  expect(course(call("a"), user("never mind"))).toBe("a | a=aborted | never mind");
  expect(course(user("go"), call("a"))).toBe("go | a");
});

test("an id that is used again becomes another one, for the call and its output alike", () => {
  const [first, , second, answer] = ordered(call("a"), output("a"), call("a"), output("a", "again"));
  expect(second?.["call_id"]).not.toBe(first?.["call_id"]);
  expect(answer).toMatchObject({ call_id: second?.["call_id"], output: "again" });
});

test("an output without a call is a fault, and so is a second one", () => {
  const fault = (...input: readonly Item[]): string | undefined => {
    try {
      ordered(...input);
    } catch (error) {
      if (error instanceof FaultyRequest) return error.fault.param;
    }
    return undefined;
  };
  expect(fault(user("go"), output("a"))).toBe("input[1].call_id");
  expect(fault(call("a"), output("a"), output("a"))).toBe("input[2].call_id");
  expect(fault(output("a"), call("a"))).toBe("input[0].call_id");
});

test("what says nothing to the model is left out, and does not end a turn", () => {
  const added = { type: "additional_tools", role: "developer", tools: [] };
  const search = { type: "web_search_call", id: "w" };
  const hosted = { type: "tool_search_call", call_id: null, execution: "server", arguments: {} };
  const found = { type: "tool_search_output", call_id: null, execution: "server", tools: [] };
  expect(course(call("a"), added, search, hosted, found, call("b"), output("a"), output("b"))).toBe(
    "a | b | a=of a | b=of b",
  );
});

test("a search of tools that the client has run says what it found, by the upstream's names", () => {
  const files = { type: "namespace", name: "files", tools: [{ type: "function", name: "read" }] };
  const search = { type: "tool_search_call", call_id: "s", execution: "client", arguments: { query: "x" } };
  const found = (tools: readonly object[]): Item => ({ type: "tool_search_output", call_id: "s", tools });
  expect(ordered(search, found([files]))[1]?.["output"]).toContain("files__read");
  expect(ordered(search, found([]))[1]?.["output"]).toBe("No tools were found.");
});

/** Items as they may come, every output behind its call. */
const conversation = fc
  .array(fc.record({ kind: fc.constantFrom("user", "said", "call"), later: fc.nat(4) }), { maxLength: 12 })
  .map((steps) => {
    const items: { item: Item; at: number }[] = [];
    for (const [at, { kind, later }] of steps.entries()) {
      const id = `c${at}`;
      if (kind === "call") {
        items.push({ item: call(id), at });
        if (later > 0) items.push({ item: output(id), at: at + later - 0.5 });
      } else items.push({ item: kind === "user" ? user(`u${at}`) : said(`s${at}`), at });
    }
    return items.toSorted((one, two) => one.at - two.at).map(({ item }) => item);
  });

test("in any conversation outputs follow their calls before anything else is heard, and nothing is lost", () => {
  fc.assert(
    fc.property(conversation, (input) => {
      const result = ordered(...input);
      let open = new Set<unknown>();
      let isGiving = false;
      for (const { type, role, call_id: id } of result) {
        if (type === "function_call_output") {
          expect(open.delete(id)).toBe(true);
          isGiving = true;
        } else {
          if (isGiving || role === "user") expect([...open]).toEqual([]);
          isGiving = false;
          if (type === "function_call") open = open.add(id);
        }
      }
      for (const item of input) expect(result).toContainEqual(item);
    }),
  );
});
