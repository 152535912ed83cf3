import { expect, test } from "vitest";
import { parseLogQuery, searchedColumns } from "./log-query.ts";

test("a prefix searches its column, and := wants the whole value", () => {
  expect(parseLogQuery("model:gpt-5")).toEqual({ kind: "contains", columns: ["model"], text: "gpt-5" });
  expect(parseLogQuery("model:=gpt-5")).toEqual({ kind: "equals", column: "model", value: "gpt-5" });
  expect(parseLogQuery(" Account: acc1 ")).toMatchObject({ columns: ["account_id"], text: "acc1" });
  expect(parseLogQuery("error:limit")).toMatchObject({ columns: ["error", "error_code"] });
  for (const [prefix, column] of Object.entries({
    path: "path",
    request_path: "path",
    reason: "reasoning_effort",
    url: "upstream_url",
    key: "key_id",
  })) {
    expect(parseLogQuery(`${prefix}:=x`)).toEqual({ kind: "equals", column, value: "x" });
  }
});

test("a status is exact or a whole class", () => {
  expect(parseLogQuery("status:404")).toEqual({ kind: "equals", column: "status_code", value: 404 });
  expect(parseLogQuery("status:5XX")).toEqual({ kind: "equals", column: "status_class", value: 5 });
  expect(parseLogQuery("status:40")).toEqual({ kind: "contains", columns: ["status_code"], text: "40" });
});

test("anything else is looked for in every column", () => {
  for (const text of ["50%_off", "https://host:80/x", "constructor:x"]) {
    expect(parseLogQuery(text)).toEqual({ kind: "contains", columns: searchedColumns, text });
  }
});

test("nothing is asked by blanks or a prefix alone", () => {
  expect(parseLogQuery("  ")).toBeNull();
  expect(parseLogQuery("model:")).toBeNull();
});
