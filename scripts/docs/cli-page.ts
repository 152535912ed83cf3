// The command line's reference, from its table of commands and of exit codes.

import type { CommandEntry } from "../../src/cli/commands.ts";
import { commands } from "../../src/cli/commands.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import type { Words } from "../../src/cli/words/en.ts";
import { en } from "../../src/cli/words/en.ts";
import { zhCn } from "../../src/cli/words/zh-cn.ts";
import type { Language } from "./settings-page.ts";

interface Phrases {
  readonly title: string;
  readonly intro: string;
  readonly everywhere: string;
  readonly codes: string;
  readonly columns: readonly [string, string];
  readonly codeColumns: readonly [string, string];
  readonly meanings: Readonly<Record<keyof typeof exitCodes, string>>;
}

const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    title: "Command line",
    intro:
      "`codexmanager`, or `cxm` for short (in a clone: `npx cxm`). Commands work through the service that runs on the data directory, or open the directory themselves when none runs.",
    everywhere: "Options of every command",
    codes: "Exit codes",
    columns: ["Command", "Does"],
    codeColumns: ["Code", "Meaning"],
    meanings: {
      done: "done",
      failed: "not done; one sentence on stderr says why",
      usage: "the command line is wrong",
      notFound: "what was to be shown does not exist",
      partial: "done in part: some items of an import were refused",
      interrupted: "a second signal broke off the orderly stop",
    },
  },
  zh: {
    title: "命令行",
    intro:
      "`codexmanager`，简写 `cxm`（在克隆的仓库中为 `npx cxm`）。命令通过在该数据目录上运行的服务完成；没有服务时直接打开数据目录。",
    everywhere: "所有命令的选项",
    codes: "退出码",
    columns: ["命令", "作用"],
    codeColumns: ["退出码", "含义"],
    meanings: {
      done: "已完成",
      failed: "未完成；stderr 中有一句说明",
      usage: "命令行有误",
      notFound: "要查看的对象不存在",
      partial: "部分完成：导入时有条目被拒绝",
      interrupted: "第二个信号中断了有序停止",
    },
  },
};

const catalogues: Readonly<Record<Language, Words>> = { en, zh: zhCn };

const globals = [
  ["--data-dir <directory>", "dataDir"],
  ["--env-file <file>", "envFile"],
  ["--lang <language>", "lang"],
  ["--json", "json"],
] as const;

export function cliPage(language: Language): string {
  const words = phrases[language];
  const { options } = catalogues[language];
  const codes = Object.entries(exitCodes) as [keyof typeof exitCodes, number][];
  return `${[
    `# ${words.title}`,
    words.intro,
    table(
      words.columns,
      commands.flatMap((entry) => rows(entry, catalogues[language])),
    ),
    `## ${words.everywhere}`,
    table(
      words.columns,
      globals.map(([flags, help]) => [`\`${flags}\``, options[help]]),
    ),
    `## ${words.codes}`,
    table(
      words.codeColumns,
      codes.map(([name, code]) => [String(code), words.meanings[name]]),
    ),
  ].join("\n\n")}\n`;
}

function rows({ path, alias, args, help, options = [] }: CommandEntry, words: Words): readonly (readonly string[])[] {
  const name = [path, ...(alias ? [alias] : [])].map((parts) => parts.join(" ")).join(", ");
  const command = [`\`${[name, args].filter((part) => part !== undefined).join(" ")}\``, words.commands[help]];
  return [command, ...options.map((option) => [`– \`${option.flags}\``, words.options[option.help]])];
}

function table(columns: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...lines.map(line)].join("\n");
}
