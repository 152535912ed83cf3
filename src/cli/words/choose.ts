// Chooses the catalogue: the flag, else the locale of the environment.

import type { Words } from "./en.ts";
import { en } from "./en.ts";
import { zhCn } from "./zh-cn.ts";

/** `lang` is the flag's value; the variables are those of POSIX, in their order. */
export function chooseWords(lang: string | undefined, env: Readonly<Record<string, string | undefined>>): Words {
  const locale = lang ?? [env.LC_ALL, env.LC_MESSAGES, env.LANG].find(Boolean) ?? systemLocale();
  return /^zh\b|^zh_/i.test(locale) ? zhCn : en;
}

function systemLocale(): string {
  return new Intl.DateTimeFormat().resolvedOptions().locale;
}
