// What a test of a provider proves, or what went wrong, in both languages of people.

import type { Words } from "./settings/setting.ts";

export const testOutcomes = [
  "works",
  "unreachable",
  "timed_out",
  "blocked",
  "wrong_address",
  "key_refused",
  "access_refused",
  "no_credit",
  "rate_limited",
  "no_model",
  "model_unknown",
  "request_refused",
  "upstream_trouble",
  "unreadable",
] as const;

export type TestOutcome = (typeof testOutcomes)[number];

export interface ProviderTestReport {
  readonly outcome: TestOutcome;
  /** What the upstream said itself, or the connection; without secrets. */
  readonly detail: string | null;
  /** Where the request went, or was to go. */
  readonly address: string;
  /** The model that was asked, as the provider calls it. */
  readonly model: string | null;
  /** An HTTP answer came back. */
  readonly isReached: boolean;
  /** Null when nothing shows it: lists of models are often open to everybody. */
  readonly isKeyAccepted: boolean | null;
  /** Null when no list could be read. */
  readonly models: readonly string[] | null;
  /** The beginning of what the model said; null when no answer was read, empty when it said nothing in so few tokens. */
  readonly answer: string | null;
  /** From sending the request to the end of its answer. */
  readonly latencyMs: number | null;
  readonly tokens: { readonly input: number; readonly output: number } | null;
}

interface TestWords {
  readonly says: Words;
  /** What to do next; null when there is nothing to do. */
  readonly next: Words | null;
}

const wait: Words = { en: "Wait a while and test again.", zh: "稍后再试。" };

export const testWords: Readonly<Record<TestOutcome, TestWords>> = {
  works: {
    says: { en: "It works: address, key and model are right.", zh: "可用：地址、密钥与模型均正确。" },
    next: null,
  },
  unreachable: {
    says: { en: "The address cannot be reached.", zh: "无法连接该地址。" },
    next: {
      en: "Check the address and the proxy, and that the server runs.",
      zh: "请检查地址与代理，并确认服务正在运行。",
    },
  },
  timed_out: { says: { en: "No answer came in time.", zh: "未在限定时间内应答。" }, next: wait },
  blocked: {
    says: {
      en: "A page for browsers stands in front of the server and lets no program pass.",
      zh: "服务器前有面向浏览器的验证页面，程序无法通过。",
    },
    next: { en: "Use another network or proxy, or ask the provider.", zh: "请更换网络或代理，或联系提供方。" },
  },
  wrong_address: {
    says: { en: "Something answers there, but not with this format.", zh: "该地址有应答，但不是此格式的接口。" },
    next: {
      en: "Check the path of the address, which often ends in /v1, and the format.",
      zh: "请检查地址路径（通常以 /v1 结尾）与格式。",
    },
  },
  key_refused: {
    says: { en: "The key is not accepted.", zh: "密钥未被接受。" },
    next: {
      en: "Check that the key is whole, still valid and meant for this address.",
      zh: "请确认密钥完整、有效，且属于该地址。",
    },
  },
  access_refused: {
    says: { en: "The key is known but may not do this.", zh: "密钥有效，但无权执行此操作。" },
    next: {
      en: "Look at the rights, the region and the state of the account at the provider.",
      zh: "请在提供方处检查账号的权限、地区与状态。",
    },
  },
  no_credit: {
    says: { en: "The key is right but its account has no credit or quota left.", zh: "密钥正确，但余额或额度已用完。" },
    next: {
      en: "Top up the account at the provider, or wait for its reset.",
      zh: "请在提供方处充值，或等待额度重置。",
    },
  },
  rate_limited: {
    says: { en: "The key is right but gets too many requests just now.", zh: "密钥正确，但当前请求过多。" },
    next: wait,
  },
  no_model: {
    says: {
      en: "No model could be tried: the provider lists none and none was named.",
      zh: "没有可试的模型：提供方未给出列表，也未指定模型。",
    },
    next: {
      en: "Name a model; on Azure, the name of a deployment.",
      zh: "请指定一个模型；Azure 上为部署名称。",
    },
  },
  model_unknown: {
    says: { en: "The provider does not have this model.", zh: "提供方没有此模型。" },
    next: { en: "Name one of the models that it lists.", zh: "请改用其列表中的模型。" },
  },
  request_refused: {
    says: { en: "The provider refused the request itself.", zh: "提供方拒绝了该请求。" },
    next: {
      en: "Read what it says; often another format or another model helps.",
      zh: "请查看其说明；更换格式或模型通常有效。",
    },
  },
  upstream_trouble: {
    says: { en: "The provider is in trouble itself.", zh: "提供方自身出现故障。" },
    next: wait,
  },
  unreadable: {
    says: { en: "An answer came that is not of this format.", zh: "收到的应答不符合此格式。" },
    next: { en: "Try another format of the provider.", zh: "请尝试该提供方的其他格式。" },
  },
};
