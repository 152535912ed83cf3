import { describe, expect, test } from "vitest";

import { checkSetting } from "./check.ts";

describe("checkSetting", () => {
  test.each([
    ["jobs.usagePollIntervalSeconds", 30, 30],
    ["jobs.usagePollIntervalSeconds", "45", 45],
    ["trace.isEnabled", "on", true],
    ["routing.strategy", "rr", "balanced"],
    ["routing.manualAccountId", "", null],
    ["service.allowedHosts", [" a.test ", ""], ["a.test"]],
  ])("takes %s = %j as %j", (key, given, value) => {
    expect(checkSetting(key, given)).toMatchObject({ ok: true, value, entry: { key } });
  });

  test.each([
    ["jobs.usagePollIntervalSeconds", 29],
    ["jobs.usagePollIntervalSeconds", null],
    ["trace.isEnabled", 2],
    ["routing.strategy", "fastest"],
    ["service.address", "nowhere"],
    ["service.allowedHosts", [1]],
  ])("refuses %s = %j and says what is accepted", (key, given) => {
    expect(checkSetting(key, given)).toMatchObject({ ok: false, message: expect.stringContaining("expected") });
  });

  test("names the one of several values that is at fault", () => {
    const lines = ["fine = gpt-5.5", "typo = @strongst"];
    for (const given of [lines, lines.join("; ")]) {
      const message = expect.stringMatching(
        /^models\.aliases: "typo = @strongst" is not accepted; expected at most 200 /,
      );
      expect(checkSetting("models.aliases", given)).toEqual({ ok: false, message });
    }
    const tooMany = checkSetting(
      "models.aliases",
      Array.from({ length: 201 }, () => "fine = gpt-5.5"),
    );
    expect(tooMany).toMatchObject({ ok: false, message: expect.stringContaining('["fine = gpt-5.5') });
  });

  test("refuses an unknown key by name", () => {
    expect(checkSetting("gateway.nothing", 1)).toEqual({ ok: false, message: 'unknown setting "gateway.nothing"' });
  });

  test("refuses to store what directs credentials, and names the variable", () => {
    expect(checkSetting("gateway.upstreamUrl", "https://evil.test")).toEqual({
      ok: false,
      message: "gateway.upstreamUrl cannot be stored; set it through CODEXMANAGER_UPSTREAM_BASE_URL and start again",
    });
  });
});
