// The tables of the comparison as the documentation shows them, in both of its languages.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ChoiceRow } from "../choice-cost.ts";
import type { RuleResult, WorldResult } from "./compare.ts";
import { type Column, columns, isBest } from "./figures.ts";

type Language = "en" | "zh-CN";

const languages: readonly Language[] = ["en", "zh-CN"];

const LABELS: Readonly<Record<Language, Readonly<Record<Column["key"], string>>>> = {
  en: {
    used: "used before reset, %",
    failed: "failed, %",
    cached: "cache hits, %",
    spent: "spent, ×",
    refused: "refused per 100",
    waited: "waited, ms",
  },
  "zh-CN": {
    used: "重置前用掉，%",
    failed: "失败，%",
    cached: "缓存命中，%",
    spent: "消耗，×",
    refused: "每百次被拒",
    waited: "等待，毫秒",
  },
};

const WORLDS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  light: { en: "Light load", "zh-CN": "轻载" },
  tight: { en: "Tight load", "zh-CN": "紧张" },
  over: { en: "Over capacity", "zh-CN": "超出容量" },
  "short weeks": { en: "Short weeks", "zh-CN": "周额度偏小" },
};

const HEADS = {
  en: { rule: "Rule", strategy: "Strategy", bound: "bound", new: "new" },
  "zh-CN": { rule: "规则", strategy: "策略", bound: "已绑定", new: "新会话" },
} as const;

const docs = join(import.meta.dirname, "..", "..", "docs");
/** What stands between two such lines is made here. */
const FROM = "<!-- npm run bench:routing -- --docs -->";
const TO = "<!-- end -->";

/** Replaces the tables on the page about routing; those that were not measured stay as they are. */
export function writePages(choices: readonly ChoiceRow[], weeks: readonly WorldResult[]): void {
  for (const language of languages) {
    const file = join(docs, language, "routing.md");
    const parts = readFileSync(file, "utf8").split(FROM);
    const made = [
      weeks.map((world) => worldTable(world, language)).join("\n\n"),
      choices.length === 0 ? "" : choiceTable(choices, language),
    ];
    const page = parts.map((part, index) => {
      const tables = made[index - 1] ?? "";
      return tables === "" ? part : `\n\n${tables}\n\n${part.slice(part.indexOf(TO))}`;
    });
    writeFileSync(file, page.join(FROM));
  }
}

function worldTable({ name, rules }: WorldResult, language: Language): string {
  const labels = columns.map(({ key }) => LABELS[language][key]);
  const rows = rules.map((rule) => [ruleCell(rule), ...columns.map((column) => cell(column, rule, rules))]);
  return `### ${WORLDS[name]?.[language] ?? name}\n\n${markdown([HEADS[language].rule, ...labels], rows)}`;
}

function choiceTable(rows: readonly ChoiceRow[], language: Language): string {
  const sizes = [...new Set(rows.map(({ accounts }) => accounts))];
  const names = [...new Set(rows.map(({ strategy }) => strategy))];
  const { strategy, ...kinds } = HEADS[language];
  const lines = names.flatMap((name) =>
    (["new", "bound"] as const).map((kind) => [
      `\`${name}\`, ${kinds[kind]}`,
      ...sizes.map((size) => {
        const row = rows.find((each) => each.strategy === name && each.kind === kind && each.accounts === size);
        return row?.micros.toFixed(1) ?? "";
      }),
    ]),
  );
  return markdown([`${strategy}, µs`, ...sizes.map((size) => size.toLocaleString("en"))], lines);
}

function ruleCell({ name, source }: RuleResult): string {
  return name.startsWith("codexmanager ") && source === null ? `**${name}**` : name;
}

/** Bold where nobody is better. */
function cell(column: Column, { figures }: RuleResult, rules: readonly RuleResult[]): string {
  const { mean, spread } = figures[column.key];
  const all = rules.map((rule) => rule.figures[column.key].mean);
  const text = mean.toFixed(column.digits);
  return `${isBest(column, mean, all) ? `**${text}**` : text} ±${spread.toFixed(column.digits)}`;
}

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = line(header.map((_, index) => (index === 0 ? "---" : "--:")));
  return [line(header), rule, ...rows.map(line)].join("\n");
}
