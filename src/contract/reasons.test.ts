import { describe, expect, test } from "vitest";
import { failureWords, lostWords, modelWords, routeWords, skipWords, stateWords } from "./reason-words.ts";
import { countedAccounts, failureSentence, routeSentence, skipSentence, stateWord, lostSentence } from "./reasons.ts";

const tables = { failureWords, lostWords, modelWords, routeWords, skipWords, stateWords };

describe.each(Object.entries(tables))("%s", (_name, table) => {
  test.each(Object.entries(table))(
    "%s is one short line in both languages, without a full stop",
    (_code, { en, zh }) => {
      for (const text of [en, zh]) expect(text).toMatch(/^[^\n]{1,80}[^\n.。]$/u);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    },
  );
});

describe("a reason", () => {
  test("becomes a sentence that names its end as the caller writes it", () => {
    expect(skipSentence("usage_limit_reached", "en", "17:12")).toBe("Its quota is used up, until 17:12.");
    expect(skipSentence("usage_limit_reached", "zh", "17:12")).toBe("额度已用完（至 17:12）。");
    expect(routeSentence("bound", "en")).toBe("The conversation is on this account.");
  });

  test("that is not known is shown as it is, also when objects have such a member", () => {
    expect(failureSentence("new_code", "en")).toBe("new_code.");
    expect(stateWord("constructor", "zh")).toBe("constructor");
  });

  test("of several accounts is counted in few words", () => {
    expect(countedAccounts("sign_in", 2)).toBe("2 must sign in again");
    expect(countedAccounts("upstream_error", 1)).toBe("1 upstream_error");
  });

  test("of a field that was left out names the field", () => {
    expect(lostSentence("field:stop_sequences", "en")).toBe(
      "Nothing upstream stands for stop_sequences; it was left out.",
    );
    expect(lostSentence("field:top_k", "zh")).toContain("top_k");
    expect(lostSentence("turn_state", "en")).toContain("turn state");
  });
});
