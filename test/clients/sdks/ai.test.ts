// The Vercel AI SDK, by the three formats it speaks.

import { describe, expect, test } from "vitest";
import { installed } from "../installed.ts";
import { openPool, runProgram } from "./run-program.ts";

const ways = installed("ai").flatMap((program) =>
  ["openai", "openai-compatible", "anthropic"].map((way) => ({ ...program, program, way })),
);

describe.each(ways)("$name $version by $way", ({ program, way }) => {
  test.each<[string, string, object]>([
    ["a text", "text", { text: "plain ✓", finishReason: "stop" }],
    ["a streamed text", "stream", { text: "streamed ✓", finishReason: "stop" }],
    ["a loop of tool calls", "tools", { text: "both sunny", cities: ["Bern", "Rome"] }],
    ["an object", "object", { object: { x: 1, label: "demo" } }],
  ])("gets %s", async (_what, scenario, expected) => {
    const { origin, key } = await openPool();

    const got = await runProgram(program, { baseUrl: `${origin}/v1`, key, words: [way, scenario] });

    expect(got).toMatchObject(expected);
  });
});
