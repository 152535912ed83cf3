import { describe, expect, test } from "vitest";
import { parseAlias } from "../contract/model-alias.ts";
import { models as settings } from "../contract/settings/areas/models.ts";
import { builtInModels, knownModels } from "./known-models.ts";
import { type NameTables, resolveModel, resolveNative } from "./model-names.ts";

const read = (lines: readonly string[]) => lines.map(parseAlias).filter((alias) => alias !== null);
const substitutes = read(settings.substitutes.default);
const known = knownModels([{ slug: "gpt-6.1-sol" }, { slug: "gpt-5.5" }, { slug: "gpt-5.4-mini" }]);

function meaning(name: string, aliases: readonly string[] = []): string {
  const tables: NameTables = { aliases: read(aliases), substitutes };
  const { model, reasoningEffort, serviceTier, reason } = resolveModel(name, tables, known);
  return [model, reasoningEffort, serviceTier, `(${reason})`].filter((word) => word !== null).join(" ");
}

describe("a name means", () => {
  test.each([
    ["gpt-5.5", "gpt-5.5 (known)"],
    ["gpt-5.5-2026-05-01", "gpt-5.5 (known)"],
    ["gpt-5.5[1m]", "gpt-5.5 (known)"],
    ["gpt-5.5-high", "gpt-5.5 high (suffix)"],
    ["gpt-5.5:xhigh", "gpt-5.5 xhigh (suffix)"],
    ["gpt-5.5(low)", "gpt-5.5 low (suffix)"],
    ["claude-opus-5-5", "gpt-6.1-sol (substitute)"],
    ["claude-sonnet-5[1m]", "gpt-6.1-sol (substitute)"],
    ["claude-haiku-5-5", "gpt-5.4-mini (substitute)"],
    ["gemini-3.8-flash", "gpt-5.4-mini (substitute)"],
    ["gemini-4-pro", "gpt-6.1-sol (substitute)"],
    ["gpt-5.4-nano", "gpt-5.4-mini (substitute)"],
    ["somebody-elses-model", "somebody-elses-model (unknown)"],
    ["gpt-7-high", "gpt-7-high (unknown)"],
  ])("%s -> %s", (name, expected) => {
    expect(meaning(name)).toBe(expected);
  });
});

describe("the user's own names", () => {
  test("come before everything, the exact ones first", () => {
    expect(meaning("gpt-5.5", ["gpt-* = gpt-5.4-mini", "gpt-5.5 = gpt-6.1-sol high priority"])).toBe(
      "gpt-6.1-sol high priority (alias)",
    );
  });

  test.each([
    ["fast-*", "fast-one", true],
    ["fast-*", "slow-fast-one", false],
    ["*-fast", "one-fast", true],
    ["*a*b*", "xaxbx", true],
    ["*a*b*", "xbxax", false],
    ["ab*ba", "aba", false],
    ["*", "anything", true],
  ])("%s fits %s: %s", (pattern, name, fits) => {
    expect(meaning(name, [`${pattern} = gpt-5.5`]) === "gpt-5.5 (alias)").toBe(fits);
  });

  test("count for Codex, too, which is otherwise taken at its word", () => {
    const tables = { aliases: read(["gpt-6 = gpt-5.5"]), substitutes };
    expect(resolveNative("gpt-6", tables, known)).toMatchObject({ model: "gpt-5.5", reason: "alias" });
    expect(resolveNative("gpt-5.4-nano", tables, known)).toMatchObject({ model: "gpt-5.4-nano", reason: "unknown" });
  });
});

describe("a line of a table", () => {
  test.each([
    ["has no model", "a"],
    ["has no model", "a ="],
    ["has no name", "= b"],
    ["has two models", "a = b = c"],
    ["has two names", "a b = c"],
    ["has an unknown word", "a = b fast"],
    ["has two efforts", "a = b low high"],
    ["means a pattern", "a = b*"],
    ["means an unknown word with @", "a = @strongst"],
  ])("is none when it %s: %s", (_why, line) => {
    expect(parseAlias(line)).toBeNull();
  });

  test("may name an effort and a tier in either order", () => {
    expect(parseAlias("a=b priority low")).toEqual({
      pattern: "a",
      model: "b",
      reasoningEffort: "low",
      serviceTier: "priority",
    });
  });
});

describe("what is known of models", () => {
  test("is a dated list until an account was asked", () => {
    expect(builtInModels.slugs.size).toBeGreaterThan(5);
    expect(builtInModels.slugs).toContain(builtInModels.strongest);
    expect(builtInModels.small).toMatch(/mini|luna/);
  });

  test("leaves out models that are hidden from people, but knows their names", () => {
    const models = knownModels([
      { slug: "review", visibility: "hide" },
      { slug: "big" },
      { slug: "a-luna" },
      { slug: "z" },
    ]);
    expect(models).toMatchObject({ strongest: "big", small: "a-luna" });
    expect(models.slugs).toContain("review");
  });

  test("follows the order in which people are shown them, whichever account told of them first", () => {
    const rows = [
      { slug: "second", priority: 2 },
      { slug: "unranked" },
      { slug: "first", priority: 1 },
      { slug: "hidden", priority: 0, visibility: "hide" },
    ];
    expect(knownModels(rows)).toMatchObject({ strongest: "first", small: "unranked" });
  });

  test("takes the last for the small one when none is called so", () => {
    expect(knownModels([{ slug: "big" }, { slug: "other" }]).small).toBe("other");
  });
});
