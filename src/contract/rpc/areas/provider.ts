// Providers: upstreams that are asked with an API key. Keys go in and never come out.

import { z } from "zod";

import { keyPlaces, providerFormats, providerKinds } from "../../provider.ts";
import { testOutcomes } from "../../provider-test.ts";
import { numberOrNull, optionalText, required, seconds, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const kind = z.enum(providerKinds);
const format = z.enum(providerFormats).describe("the words it is asked in");
const keyPlace = z.enum(keyPlaces).describe("the header that carries the key; `bearer` is Authorization");
const modelNames = z.record(z.string(), z.string());
const headers = z.record(z.string(), z.string());

const edit = {
  name: z.string().trim().optional(),
  format: format.optional(),
  baseUrl: z.string().trim().optional(),
  isEnabled: z.boolean().optional(),
  sort: z.int().optional(),
  keyPlace: keyPlace.optional(),
  models: z
    .array(z.string())
    .optional()
    .describe("the names it serves, `*` for any letters; empty for whatever is asked"),
  modelNames: modelNames.optional().describe("its own names for models, by ours: on Azure those of deployments"),
  apiVersion: z.string().nullish().describe("Azure's; null for the interface without versions"),
  isPaid: z.boolean().optional().describe("whether requests cost money"),
  isOnMyNetwork: z.boolean().optional().describe("the address is meant to be inside the own network"),
  headers: headers.optional().describe("sent with every request; a value of `***` stays as it is"),
  proxyUrl: z.string().nullish().describe("the proxy it is reached through; null for that of the settings"),
};

const wish = { preset: optionalText, kind: kind.optional(), ...edit };

const key = {
  label: optionalText,
  groupName: z.string().optional(),
  tags: z.array(z.string()).optional(),
  note: z.string().nullish(),
};
const newKey = z.object({ apiKey: z.string().default(""), ...key });

const providerItem = z.object({
  id: text,
  name: text,
  kind,
  format,
  baseUrl: text,
  isEnabled: z.boolean(),
  sort: z.number(),
  keyId: textOrNull.describe("the one platform key it serves; null for all"),
  keyPlace,
  models: z.array(text),
  modelNames,
  apiVersion: textOrNull,
  isPaid: z.boolean(),
  isOnMyNetwork: z.boolean(),
  preset: textOrNull,
  headers: headers.describe("names, with `***` for every value"),
  proxyUrl: textOrNull.describe("without name and password"),
  accounts: z.number().describe("how many keys it has"),
  state: z.enum(["ready", "disabled", "no_key", "unavailable"]),
  createdAt: seconds,
  updatedAt: seconds,
});

const words = z.object({ en: text, zh: text });

const preset = z.object({
  id: text,
  title: words,
  kind,
  format,
  baseUrl: textOrNull.describe("null where everybody has another"),
  addressExample: textOrNull,
  keyPlace,
  isPaid: z.boolean(),
  isOnMyNetwork: z.boolean(),
  keyPage: textOrNull.describe("where keys are made"),
  models: z.array(text).describe("some to try it with"),
  sources: z.array(text).describe("the pages that this was read from"),
});

const report = z.object({
  outcome: z.enum(testOutcomes),
  says: words,
  next: words.nullable().describe("what to do now"),
  detail: textOrNull.describe("what the provider said itself"),
  address: text,
  model: textOrNull,
  isReached: z.boolean(),
  isKeyAccepted: z.boolean().nullable().describe("null when nothing shows it"),
  models: z.array(text).nullable().describe("null when no list could be read"),
  answer: textOrNull,
  latencyMs: numberOrNull,
  tokens: z.object({ input: z.number(), output: z.number() }).nullable(),
});

const providerId = required("missing providerId");

export const providerMethods = {
  "provider/list": value({
    result: z.object({ items: z.array(providerItem) }),
    en: "All providers in the user's order, without keys and without what their headers and proxies hold.",
    zh: "按用户顺序列出所有提供方；不含密钥、请求头取值与代理口令。",
  }),
  "provider/presets": value({
    result: z.object({ version: text, items: z.array(preset) }),
    en: "Ready-made entries to make providers from.",
    zh: "可用于创建提供方的预设。",
  }),
  "provider/create": value({
    params: z.object({ ...wish, keys: z.array(newKey).default([]) }),
    result: z.object({ provider: providerItem, accountIds: z.array(text) }),
    en: "Makes a provider, from a preset or by hand, and an account for each key; all or nothing. What is said by hand goes over the preset.",
    zh: "由预设或手动创建提供方，并为每个密钥创建一个账号；要么全部成功，要么不作任何改动。手动填写的内容优先于预设。",
  }),
  "provider/update": value({
    params: z.object({ providerId, ...edit }),
    result: z.object({ provider: providerItem }),
    en: "Changes a provider; what is left out stays as it is.",
    zh: "修改提供方；未给出的内容保持不变。",
  }),
  "provider/delete": action({
    params: z.object({ providerId }),
    en: "Removes a provider with all its keys.",
    zh: "删除提供方及其所有密钥。",
  }),
  "provider/key/add": value({
    params: z.object({ providerId, apiKey: z.string().default(""), ...key }),
    result: z.object({ accountId: text }),
    en: "Adds a key to a provider: an account of the pool. A key that is there already is renewed.",
    zh: "为提供方添加密钥，即号池中的一个账号；已存在的密钥会被更新。",
  }),
  "provider/test": value({
    params: z.object({
      accountId: optionalText,
      providerId: optionalText,
      draft: z.object(wish).nullish().describe("a provider that is not saved yet"),
      apiKey: z.string().nullish().describe("the key to try with a draft, or in place of the saved ones"),
      model: optionalText,
    }),
    result: report,
    en: "Tries an account, a provider or a draft: reads the list of models, sends one request of at most 16 tokens, and tells what that proves or what to do. A paid provider charges for it.",
    zh: "测试账号、提供方或尚未保存的草稿：读取模型列表，发送一个至多 16 令牌的请求，并说明结果或下一步。付费提供方会就此计费。",
  }),
  "provider/models/refresh": value({
    params: z.object({ providerId, keep: z.boolean().default(false) }),
    result: z.object({ models: z.array(text), isKept: z.boolean() }),
    en: "Reads which models a provider lists; with `keep` these are from now on those it serves.",
    zh: "读取提供方的模型列表；指定 `keep` 时，此后仅由其服务这些模型。",
  }),
};
