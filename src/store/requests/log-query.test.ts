import { expect, test } from "vitest";
import { parseLogQuery } from "./log-query.ts";

test("a prefix searches its column, and := wants the whole value", () => {
  expect(parseLogQuery("model:gpt-5")).toEqual({ sql: "(model like ? escape '\\')", values: ["%gpt-5%"] });
  expect(parseLogQuery("model:=gpt-5")).toEqual({ sql: "model = ?", values: ["gpt-5"] });
  expect(parseLogQuery(" Account: acc1 ")).toMatchObject({ values: ["%acc1%"] });
  for (const [prefix, column] of Object.entries({
    path: "path",
    request_path: "path",
    reason: "reasoning_effort",
    url: "upstream_url",
    key: "key_id",
  })) {
    expect(parseLogQuery(`${prefix}:=x`)).toEqual({ sql: `${column} = ?`, values: ["x"] });
  }
});

test("a status is exact or a whole class", () => {
  expect(parseLogQuery("status:404")).toEqual({ sql: "status_code = ?", values: [404] });
  expect(parseLogQuery("status:5XX")).toEqual({ sql: "status_code between ? and ?", values: [500, 599] });
});

test("anything else is looked for in every column, wildcards taken literally", () => {
  const { sql, values } = parseLogQuery("50%_off");
  expect(sql.match(/like/g)).toHaveLength(15);
  expect(new Set(values)).toEqual(new Set(["%50\\%\\_off%"]));
  expect(parseLogQuery("https://host:80/x").values[0]).toBe("%https://host:80/x%");
  expect(parseLogQuery("constructor:x").values[0]).toBe("%constructor:x%");
  expect(parseLogQuery("  ")).toEqual({ sql: "true", values: [] });
});
