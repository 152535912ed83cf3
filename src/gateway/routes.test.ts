import { describe, expect, test } from "vitest";
import { findTarget } from "./routes.ts";

const operation = (url: string) => findTarget(url).route?.operation ?? null;

test.each(["", "/v1", "/backend-api/codex"])("the operations stand below %j", (prefix) => {
  expect(operation(`${prefix}/responses`)).toBe("respond");
  expect(operation(`${prefix}/responses/compact`)).toBe("compact");
  expect(operation(`${prefix}/models?client_version=0.169.0`)).toBe("models");
});

test.each([
  "/",
  "/v1",
  "/v2/responses",
  "/v1/responses/resp_1",
  "/v1/chat",
  "/V1/responses",
  "/k/key",
  "/k//v1/responses",
  "/k",
])("%s is no operation", (url) => expect(operation(url)).toBeNull());

describe("a target", () => {
  test("is the key in the query, too, unless one stands in front", () => {
    expect(findTarget("/v1beta/models/m:generateContent?alt=sse&key=cmk%2B1").key).toBe("cmk+1");
    expect(findTarget("/k/cmk_1/v1beta/models/m:generateContent?key=cmk_2").key).toBe("cmk_1");
    expect(findTarget("/v1/models?key=").key).toBeNull();
    expect(findTarget("/v1/models?monkey=cmk_1").key).toBeNull();
  });

  test("is path, query and the key that stands in front", () => {
    expect(findTarget("/k/cmk_1/v1/models?a=b?c")).toMatchObject({ path: "/v1/models", query: "?a=b?c", key: "cmk_1" });
    expect(findTarget("/k/cmk_1/v1/models").route?.operation).toBe("models");
    expect(findTarget("/v1/models")).toMatchObject({ path: "/v1/models", query: "", key: null });
    expect(findTarget("/k/cmk_1")).toMatchObject({ path: "/", key: "cmk_1" });
  });
});
