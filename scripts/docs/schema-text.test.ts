import { expect, test } from "vitest";
import { z } from "zod";

import { schemaText } from "./schema-text.ts";

test("objects, options, unions and arrays read like TypeScript", () => {
  const schema = z.object({
    id: z.string().describe("stable"),
    kind: z.enum(["a", "b"]),
    note: z.string().nullish(),
    tags: z.array(z.string().nullable()),
    items: z.array(z.object({ count: z.number() })),
    sort: z.int().default(0),
  });
  expect(schemaText(schema, "input")).toBe(
    [
      "{",
      "  id: string // stable",
      '  kind: "a" | "b"',
      "  note?: string | null",
      "  tags: (string | null)[]",
      "  items: {",
      "    count: number",
      "  }[]",
      "  sort?: integer // default 0",
      "}",
    ].join("\n"),
  );
});

test("what has no JSON form reads as any, an empty object as such", () => {
  expect(schemaText(z.object({}), "output")).toBe("{}");
  expect(schemaText(z.unknown(), "output")).toBe("any");
  expect(schemaText(z.record(z.string(), z.number()), "output")).toBe("{\n  [name]: number\n}");
});
