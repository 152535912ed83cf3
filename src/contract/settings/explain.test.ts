import { expect, test } from "vitest";

import { explainSettings } from "./explain.ts";
import { resolveSettings } from "./resolve.ts";

function explained(key: string, env: Record<string, string>) {
  const resolved = resolveSettings({ env });
  if (!resolved.ok) throw new Error(resolved.message);
  return explainSettings(resolved).find((setting) => setting.key === key);
}

test("says value, origin and variable", () => {
  expect(explained("service.address", { CODEXMANAGER_SERVICE_ADDR: "1234" })).toMatchObject({
    value: "localhost:1234",
    source: "environment",
    variable: "CODEXMANAGER_SERVICE_ADDR",
    default: "localhost:48760",
    effect: null,
  });
});

test("shows a secret only as set", () => {
  expect(explained("service.rpcToken", { CODEXMANAGER_RPC_TOKEN: "abc" })?.value).toBe("(set)");
  expect(explained("service.rpcToken", {})?.value).toBeNull();
  expect(explained("gateway.proxies", { CODEXMANAGER_PROXY_LIST: "http://u:p@h:1" })?.value).toBe("(set)");
});

test("says why a knob has no effect", () => {
  expect(explained("original.candidateCacheTtlMs", {})?.effect).toContain("always current");
});
