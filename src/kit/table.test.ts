import { expect, test } from "vitest";

import { formatTable, textWidth } from "./table.ts";

test("wide characters count two columns, combining marks none", () => {
  expect(textWidth("账号a")).toBe(5);
  expect(textWidth("e\u0301")).toBe(1);
});

test("columns line up whatever the script", () => {
  expect(
    formatTable(
      ["账号", "n"],
      [
        ["甲", "1"],
        ["abcdef", "2"],
      ],
    ),
  ).toBe(["账号    n", "甲      1", "abcdef  2"].join("\n"));
});
