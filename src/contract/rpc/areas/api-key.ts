// Platform keys: the credentials issued to clients.

import { z } from "zod";

import { changeableText, optionalText, required, seconds, secondsOrNull, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const names = z.array(text).describe("empty for all accounts");

const limits = {
  accountGroupFilter: z.array(z.string()).optional().describe("groups it may use; empty for all"),
  accountTagFilter: z.array(z.string()).optional().describe("tags of which an account needs one"),
  accountPlanFilter: z.array(z.string()).optional().describe("plans it may use"),
  maxInflight: z.int().min(0).optional().describe("most requests under way at once; 0 sets no limit"),
};

const key = z.object({
  id: text,
  name: textOrNull,
  modelSlug: textOrNull,
  reasoningEffort: textOrNull,
  clientType: text,
  protocolType: text,
  authScheme: text,
  upstreamBaseUrl: textOrNull,
  staticHeadersJson: textOrNull,
  status: text,
  accountGroupFilter: names,
  accountTagFilter: names,
  accountPlanFilter: names,
  maxInflight: z.number().describe("most requests under way at once; 0 sets no limit"),
  createdAt: seconds,
  lastUsedAt: secondsOrNull,
});

const secret = z.object({ id: text, key: text });
const byId = z.object({ id: required("missing id") });

export const apiKeyMethods = {
  "apikey/list": value({
    result: z.object({ items: z.array(key) }),
    en: "All platform keys, newest first, without their secrets.",
    zh: "列出所有平台密钥（不含密钥明文），按创建时间倒序。",
  }),
  "apikey/create": value({
    params: z.object({
      name: optionalText,
      modelSlug: optionalText,
      reasoningEffort: optionalText,
      protocolType: optionalText,
      upstreamBaseUrl: optionalText,
      staticHeadersJson: optionalText,
      ...limits,
    }),
    result: secret,
    en: "Issues a platform key and answers with its secret.",
    zh: "创建平台密钥并返回明文。",
  }),
  "apikey/readSecret": value({
    params: z.object({ id: required("missing key id") }),
    result: secret,
    en: "Shows the secret of a platform key again.",
    zh: "再次显示平台密钥明文。",
  }),
  "apikey/models": value({
    params: z.object({ refreshRemote: z.boolean().nullish() }),
    result: z.object({ items: z.array(z.object({ slug: text, displayName: text })) }),
    en: "The models the accounts offer, from the cache; `refreshRemote` asks the upstream first.",
    zh: "账号可用的模型（取自缓存）；`refreshRemote` 会先询问上游。",
  }),
  "apikey/updateModel": action({
    params: z.object({
      id: required("key id required"),
      modelSlug: optionalText,
      reasoningEffort: optionalText,
      protocolType: changeableText,
      upstreamBaseUrl: changeableText,
      staticHeadersJson: changeableText,
      ...limits,
    }),
    en: "Binds a platform key to a model and a reasoning effort, null unbinds; protocol, address and headers change only when one of them is given, filters and limit each when it is given.",
    zh: "为平台密钥绑定模型与推理强度，null 表示解除；协议、地址与请求头仅在给出其一时修改，过滤条件与上限仅在各自给出时修改。",
  }),
  "apikey/delete": action({ params: byId, en: "Deletes a platform key.", zh: "删除平台密钥。" }),
  "apikey/disable": action({ params: byId, en: "Disables a platform key.", zh: "停用平台密钥。" }),
  "apikey/enable": action({ params: byId, en: "Enables a platform key.", zh: "启用平台密钥。" }),
};
