// The settings and environment reference, from the table of settings.

import type { Setting, Words } from "../../src/contract/settings/setting.ts";
import type { SettingEntry } from "../../src/contract/settings/table.ts";
import { settingEntries } from "../../src/contract/settings/table.ts";

export type Language = keyof Words;

interface Phrases {
  readonly title: string;
  readonly intro: readonly string[];
  readonly columns: readonly string[];
  readonly unused: string;
  readonly unusedColumns: readonly string[];
  readonly none: string;
  readonly presence: string;
  readonly outsideOnly: string;
  readonly minimum: string;
  readonly applies: Readonly<Record<Setting<unknown>["applies"], string>>;
}

const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    title: "Settings and environment variables",
    intro: [
      "Precedence: command line, then environment, then stored (web page, RPC), then default. A variable that is not accepted leaves the default in force (below the minimum: the minimum); a warning at start and in `codexmanager status` names it. A value fixed by the environment is never overwritten. An empty variable counts as unset.",
      "An env file fills in what the environment does not set: the one named by `--env-file`, else `codexmanager.env`, `CodexManager.env` or `.env` beside the program (the package's own folder), else in the data directory; never in the working directory. Lines are `KEY=VALUE`, optionally with `export ` before and quotes around the value; `#` and `;` begin comments.",
      "Switches take 1, true, yes, on and 0, false, no, off. Lists are separated by comma, semicolon or newline. `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are honoured; loopback is always reached directly.",
      "`codexmanager explain config` shows each value and where it comes from.",
    ],
    columns: ["Setting", "Variable", "Default", "Applies", "Meaning"],
    unused: "Accepted, no effect",
    unusedColumns: ["Setting", "Variable", "Why it has no effect"],
    none: "–",
    presence: "presence alone counts",
    outsideOnly: "flag or environment only",
    minimum: "at least",
    applies: { hot: "at once", restart: "at the next start" },
  },
  zh: {
    title: "设置与环境变量",
    intro: [
      "优先级：命令行、环境变量、已存值（网页、RPC）、默认值。不被接受的变量使用默认值（低于最小值时使用最小值），启动时与 `codexmanager status` 会给出警告。由环境变量固定的值不会被改写。空变量视为未设置。",
      "env 文件只补充环境中未设置的变量：先看 `--env-file` 指定的文件，否则为程序旁（包自身目录）的 `codexmanager.env`、`CodexManager.env` 或 `.env`，再否则为数据目录中的同名文件；不读取当前工作目录。每行为 `KEY=VALUE`，前面可有 `export `，值可加引号；`#` 与 `;` 开头为注释。",
      "开关接受 1、true、yes、on 与 0、false、no、off。列表以逗号、分号或换行分隔。遵循 `HTTP_PROXY`、`HTTPS_PROXY`、`ALL_PROXY` 与 `NO_PROXY`；回环地址始终直连。",
      "`codexmanager explain config` 显示每个值及其来源。",
    ],
    columns: ["设置", "变量", "默认值", "生效", "含义"],
    unused: "可设置但不起作用",
    unusedColumns: ["设置", "变量", "原因"],
    none: "–",
    presence: "只看是否存在",
    outsideOnly: "仅限命令行或环境变量",
    minimum: "至少",
    applies: { hot: "立即", restart: "下次启动" },
  },
};

export function settingsPage(language: Language): string {
  const words = phrases[language];
  const active = settingEntries.filter(({ setting }) => setting.effect === "active");
  const areas = [...new Set(active.map((entry) => entry.area))];
  const sections = areas.map((area) => {
    const rows = active.filter((entry) => entry.area === area).map((entry) => activeRow(entry, language));
    return `## ${area}\n\n${table(words.columns, rows)}`;
  });
  const unused = settingEntries.flatMap((entry) => unusedRow(entry, language));
  return [
    `# ${words.title}`,
    ...words.intro,
    ...sections,
    `## ${words.unused}`,
    `${table(words.unusedColumns, unused)}\n`,
  ].join("\n\n");
}

function activeRow({ key, setting }: SettingEntry, language: Language): readonly string[] {
  const words = phrases[language];
  const { minimum } = setting;
  const limits = minimum !== null && minimum > 0 ? ` (${words.minimum} ${shown(minimum, setting, words)})` : "";
  const outside = setting.isStorable ? "" : `; ${words.outsideOnly}`;
  return [
    `\`${key}\``,
    variables(setting, words),
    `${shown(setting.default, setting, words)}${limits}`,
    `${words.applies[setting.applies]}${outside}`,
    setting.description[language],
  ];
}

function unusedRow({ key, setting }: SettingEntry, language: Language): readonly (readonly string[])[] {
  if (setting.effect === "active") return [];
  return [[`\`${key}\``, variables(setting, phrases[language]), setting.effect.none[language]]];
}

function variables({ env, offSwitch }: Setting<unknown>, words: Phrases): string {
  const names = env.map((name) => `\`${name}\``);
  if (offSwitch !== null) names.push(`\`${offSwitch}\` (${words.presence})`);
  return names.join(", ") || words.none;
}

function shown(value: unknown, { unit, choices }: Setting<unknown>, words: Phrases): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return words.none;
  if (typeof value === "number")
    return unit === "bytes" ? bytes(value) : [value, unit].filter((part) => part !== null).join(" ");
  const options = choices.length > 0 ? ` (${choices.join(", ")})` : "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\`${options}`;
}

function bytes(value: number): string {
  const mebibyte = 1024 * 1024;
  return value > 0 && value % mebibyte === 0 ? `${value} (${value / mebibyte} MiB)` : String(value);
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
