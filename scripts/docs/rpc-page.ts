// The reference of JSON-RPC methods, from the contract.

import { findMethod, methodNames } from "../../src/contract/rpc/table.ts";
import { schemaText } from "./schema-text.ts";
import type { Language } from "./settings-page.ts";

const phrases = {
  en: {
    title: "JSON-RPC methods",
    intro: [
      '`POST /rpc` on the service with `Content-Type: application/json` and the header `X-CodexManager-Rpc-Token` (the token lies beside the database, see the settings). The request is `{"id": 1, "method": "…", "params": {…}}` with an unsigned integer as `id`; the answer is HTTP 200 `{"id": 1, "result": …}`.',
      'An expected failure stands inside `result`: `{"error": message}` for methods that give a value, `{"ok": false, "error": message}` for actions. An unknown method answers `{"error": "unknown_method"}`. Results may carry more fields than are listed.',
    ],
    params: "Parameters",
    result: "Result",
    noParams: "No parameters.",
  },
  zh: {
    title: "JSON-RPC 方法",
    intro: [
      '向服务发送 `POST /rpc`，带 `Content-Type: application/json` 与请求头 `X-CodexManager-Rpc-Token`（令牌文件在数据库旁，见设置）。请求为 `{"id": 1, "method": "…", "params": {…}}`，`id` 为无符号整数；应答为 HTTP 200 `{"id": 1, "result": …}`。',
      '预期内的失败写在 `result` 中：取值方法为 `{"error": message}`，动作方法为 `{"ok": false, "error": message}`。未知方法返回 `{"error": "unknown_method"}`。结果可能包含未列出的字段。',
    ],
    params: "参数",
    result: "结果",
    noParams: "无参数。",
  },
};

export function rpcPage(language: Language): string {
  const words = phrases[language];
  const sections = methodNames.map((name) => methodSection(name, language));
  return `${[`# ${words.title}`, ...words.intro, ...sections].join("\n\n")}\n`;
}

function methodSection(name: string, language: Language): string {
  const method = findMethod(name);
  if (!method) throw new Error(`no method ${name}`);
  const words = phrases[language];
  const params = schemaText(method.params, "input");
  return [
    `## ${name}`,
    method.description[language],
    params === "{}" ? words.noParams : block(words.params, params),
    block(words.result, schemaText(method.result, "output")),
  ].join("\n\n");
}

function block(title: string, text: string): string {
  return `${title}:\n\n\`\`\`ts\n${text}\n\`\`\``;
}
