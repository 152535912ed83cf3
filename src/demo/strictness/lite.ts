// Rules of the "responses lite" mode, which the request header switches on. Texts as in public trackers, July 2026; the
// one about parallel calls is worded after them.

import { findModel } from "../models.ts";
import { isFields, listOf, wordOf } from "../stream/request.ts";
import { notOneOf, unsupported } from "./refusal.ts";
import type { Rule } from "./strictness.ts";

const HEADER = "X-OpenAI-Internal-Codex-Responses-Lite";

export const liteRules: readonly Rule[] = [
  ({ body, items, exchange, strictness }) => {
    if (exchange.header(HEADER.toLowerCase()) !== "true") {
      const at = items.findIndex((item) => item["type"] === "additional_tools");
      return at < 0
        ? null
        : notOneOf(`input[${at}].type`, "additional_tools", ["message", "reasoning", "function_call"]);
    }
    const slug = wordOf(body["model"]);
    if (!findModel(slug)?.isLite && !strictness.extraModels.has(slug)) {
      return unsupported("model", `This model is not supported when using ${HEADER}.`);
    }
    const reasoning = isFields(body["reasoning"]) ? body["reasoning"] : {};
    if (reasoning["context"] !== "all_turns") {
      return unsupported("reasoning.context", `${HEADER} requires \`reasoning.context\` to be \`all_turns\`.`);
    }
    if (body["parallel_tool_calls"] !== false) {
      return unsupported("parallel_tool_calls", `${HEADER} requires \`parallel_tool_calls\` to be \`false\`.`);
    }
    if (listOf(body["tools"]).length > 0) {
      const message = `${HEADER} only supports function tools, custom tools, and client-executed tool search.`;
      return unsupported("tools", message);
    }
    return null;
  },
];
