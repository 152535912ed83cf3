import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { stalePages } from "../../scripts/docs/pages.ts";
import { settingEntries } from "../../src/contract/settings/table.ts";
import { root, sourceFiles } from "./source-tree.ts";

const languages = ["en", "zh-CN"];
const source = sourceFiles("src")
  .filter((file) => !file.isTest && !file.path.startsWith("src/contract/settings/"))
  .map((file) => file.text)
  .join("\n");

describe("settings", () => {
  test.each(languages)("every setting and every variable stands in docs/%s/settings.md", (language) => {
    const page = readFileSync(join(root, "docs", language, "settings.md"), "utf8");
    const names = settingEntries.flatMap(({ key, setting }) => [key, ...setting.env, setting.offSwitch ?? key]);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test("every description is one or more whole sentences in both languages", () => {
    const odd = settingEntries.filter(
      ({ setting: { description } }) => !/^\S.*\.$/.test(description.en) || !/^\S.*。$/.test(description.zh),
    );
    expect(odd.map((entry) => entry.key)).toEqual([]);
  });

  test("no two settings share a variable, but for the two common ones", () => {
    const names = settingEntries.flatMap(({ setting }) => [
      ...setting.env,
      ...(setting.offSwitch === null ? [] : [setting.offSwitch]),
    ]);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    expect([...twice]).toEqual(["CODEXMANAGER_POLL_JITTER_SECS", "CODEXMANAGER_POLL_FAILURE_BACKOFF_MAX_SECS"]);
  });

  test("every setting is read somewhere, or is listed as having no effect", () => {
    const unread = settingEntries.filter(
      ({ area, name, key, setting }) =>
        setting.effect === "active" && !new RegExp(`\\b${area}\\??\\.${name}\\b|["'\`]${key}["'\`]`).test(source),
    );
    expect(unread.map((entry) => entry.key)).toEqual([]);
  });
});

test("the generated pages say what the tables say now; `npm run docs` writes them", () => {
  expect(stalePages(root)).toEqual([]);
});

/** Every `CODEXMANAGER_*` variable of the original (qxcnm/Codex-Manager, commit 38be77d), without the prefix. */
const original =
  `SERVICE_ADDR WEB_ADDR WEB_ROOT WEB_NO_OPEN WEB_NO_SPAWN_SERVICE NO_SERVICE DB_PATH RPC_TOKEN RPC_TOKEN_FILE
  ISSUER CLIENT_ID ORIGINATOR REDIRECT_URI LOGIN_ADDR ALLOW_NON_LOOPBACK_LOGIN_ADDR USAGE_BASE_URL DISABLE_POLLING
  USAGE_POLLING_ENABLED GATEWAY_KEEPALIVE_ENABLED TOKEN_REFRESH_POLLING_ENABLED USAGE_POLL_INTERVAL_SECS
  GATEWAY_KEEPALIVE_INTERVAL_SECS TOKEN_REFRESH_POLL_INTERVAL_SECS POLL_JITTER_SECS POLL_FAILURE_BACKOFF_MAX_SECS
  USAGE_POLL_JITTER_SECS GATEWAY_KEEPALIVE_JITTER_SECS USAGE_POLL_FAILURE_BACKOFF_MAX_SECS
  GATEWAY_KEEPALIVE_FAILURE_BACKOFF_MAX_SECS USAGE_REFRESH_WORKERS USAGE_REFRESH_FAILURE_EVENT_WINDOW_SECS
  USAGE_SNAPSHOTS_RETAIN_PER_ACCOUNT ACCOUNT_IMPORT_BATCH_SIZE UPSTREAM_BASE_URL UPSTREAM_FALLBACK_BASE_URL
  UPSTREAM_COOKIE CPA_NO_COOKIE_HEADER_MODE STRICT_REQUEST_PARAM_ALLOWLIST ROUTE_STRATEGY UPSTREAM_CONNECT_TIMEOUT_SECS
  UPSTREAM_TOTAL_TIMEOUT_MS UPSTREAM_STREAM_TIMEOUT_MS PROXY_LIST REQUEST_GATE_WAIT_TIMEOUT_MS ACCOUNT_MAX_INFLIGHT
  CANDIDATE_CACHE_TTL_MS ROUTE_HEALTH_P2C_ENABLED ROUTE_HEALTH_P2C_ORDERED_WINDOW ROUTE_HEALTH_P2C_BALANCED_WINDOW
  ROUTE_STATE_TTL_SECS ROUTE_STATE_CAPACITY PROMPT_CACHE_TTL_SECS PROMPT_CACHE_CLEANUP_INTERVAL_SECS
  PROMPT_CACHE_CAPACITY TRACE_BODY_PREVIEW_MAX_BYTES TRACE_QUEUE_CAPACITY FRONT_PROXY_MAX_BODY_BYTES
  HTTP_BRIDGE_OUTPUT_TEXT_LIMIT_BYTES HTTP_WORKER_FACTOR HTTP_WORKER_MIN HTTP_QUEUE_FACTOR HTTP_QUEUE_MIN
  HTTP_STREAM_WORKER_FACTOR HTTP_STREAM_WORKER_MIN HTTP_STREAM_QUEUE_FACTOR HTTP_STREAM_QUEUE_MIN UPDATE_REPO
  GITHUB_TOKEN`.split(/\s+/);

test("every variable of the original is known", () => {
  const known = new Set(settingEntries.flatMap(({ setting }) => [...setting.env, setting.offSwitch]));
  expect(original.filter((name) => !known.has(`CODEXMANAGER_${name}`))).toEqual([]);
});
