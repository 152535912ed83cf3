// Settings of the names that models are asked for by.

import { lines } from "../kinds.ts";
import { aliasForm, parseAlias } from "../../model-alias.ts";

const isAlias = (line: string): boolean => parseAlias(line) !== null;

export const models = {
  aliases: lines({
    default: [],
    maximumItems: 200,
    isItem: isAlias,
    form: aliasForm,
    env: "CODEXMANAGER_MODEL_ALIASES",
    applies: "hot",
    en: "Other names for models, the first that fits counts: `name = model [effort] [tier]`, with `*` for any letters. They count before everything but what a platform key lays down.",
    zh: "模型的其他名称，按先后取第一个匹配项：`名称 = 模型 [推理强度] [服务等级]`，`*` 匹配任意字符。仅次于平台密钥的设定。",
  }),
  substitutes: lines({
    default: [
      "*haiku* = @small",
      "claude-* = @strongest",
      "gemini-*-flash* = @small",
      "gemini-* = @strongest",
      "gpt-*-nano* = @small",
      "gpt-*-mini* = @small",
    ],
    maximumItems: 200,
    isItem: isAlias,
    form: aliasForm,
    env: "CODEXMANAGER_MODEL_SUBSTITUTES",
    applies: "hot",
    en: "What serves a name that no account has, as other vendors' clients ask for it; written like aliases. `@strongest` and `@small` stand for the models the catalogue has.",
    zh: "当没有账号提供所请求的模型名（如其他厂商客户端的默认名称）时改用的模型，写法同别名。`@strongest` 与 `@small` 代表模型目录中最强与小型的模型。",
  }),
};
