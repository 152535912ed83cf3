// What Codex of many versions really sends can be asked of every upstream.

import { expect, test } from "vitest";
import { asList, asObject, asText, type JsonObject } from "../../src/kit/json-value.ts";
import type { InternalRequest, Item } from "../../src/wire/internal.ts";
import { grammarComplaints } from "../../src/wire/testing.ts";
import type { UpstreamFormat } from "../../src/wire/upstream-format.ts";
import { upstreamFormats } from "../../src/wire/upstream-formats.ts";
import captures from "../gateway/fixtures/captured-turns.json" with { type: "json" };

const turns = captures.map(({ name, body }): { name: string; request: InternalRequest } => {
  const request: JsonObject = { ...body };
  const input = asList(request["input"]) as readonly Item[];
  return { name, request: { ...request, input } };
});
const pairs = upstreamFormats.flatMap((format) => turns.map((turn) => ({ format, ...turn })));

/** Every function, wherever a format names it. */
function functionsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(functionsIn);
  const object = asObject(value);
  if (object === null) return [];
  const isNamed = "parameters" in object || "input_schema" in object || "parametersJsonSchema" in object;
  const name = asText(object["name"]);
  return isNamed && name !== null ? [name] : Object.values(object).flatMap(functionsIn);
}

/** All that the client runs itself. */
function offeredIn(tools: readonly unknown[]): number {
  return tools.reduce<number>((count, value) => {
    const tool = asObject(value) ?? {};
    if (tool["type"] === "namespace") return count + offeredIn(asList(tool["tools"]));
    const isOurs = tool["type"] === "function" || tool["type"] === "custom" || tool["execution"] === "client";
    return count + (isOurs ? 1 : 0);
  }, 0);
}

function askedOf(format: UpstreamFormat, request: InternalRequest): readonly string[] {
  return functionsIn(format.request(request).body["tools"]);
}

test.each(pairs)("$format.name takes $name with all its tools", ({ format, request }) => {
  const added = request.input.flatMap((item) => (item["type"] === "additional_tools" ? asList(item["tools"]) : []));
  const names = askedOf(format, request);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(offeredIn([...asList(request.tools), ...added]));
});

test.each(turns)("what the tools of $name are called by goes back to them", ({ request }) => {
  const [format] = upstreamFormats;
  if (format === undefined) throw new Error("There is no upstream format.");
  const calls = askedOf(format, request).map((name, index) => {
    return { index, id: `c${index}`, type: "function", function: { name, arguments: '{"input":"x"}' } };
  });
  const reader = format.reader({ request, answerId: "up1", now: 0 });
  const chunk = { choices: [{ index: 0, delta: { tool_calls: calls }, finish_reason: "tool_calls" }] };
  const events = [...reader.read(null, JSON.stringify(chunk)), ...reader.end()];
  expect(grammarComplaints(events)).toEqual([]);
  const output = asList(asObject(events.at(-1)?.["response"])?.["output"]).map((item) => asObject(item) ?? {});
  const called = output.map(({ type, name, namespace }) => [type, name, namespace ?? null].join(" "));
  const kinds: Readonly<Record<string, string>> = { custom: "custom_tool_call", function: "function_call" };
  const told = (tools: readonly unknown[], namespace: unknown): string[] =>
    tools.flatMap((value) => {
      const { type, name, tools: inner, execution } = asObject(value) ?? {};
      if (type === "namespace") return told(asList(inner), name);
      if (execution === "client") return ["tool_search_call  "];
      const kind = kinds[String(type)];
      return kind === undefined ? [] : [[kind, name, namespace].join(" ")];
    });
  const added = request.input.flatMap((item) => (item["type"] === "additional_tools" ? asList(item["tools"]) : []));
  expect(called).toEqual(told([...asList(request.tools), ...added], null));
});
