// The words for every reason code, in both languages, without the full stop. Which codes there are is said by the types of
// reasons.ts and failure.ts.

import type { FailureCode } from "./failure.ts";
import type { AccountState, LostPart, ModelReason, PassOver, RouteReason, SkipCode } from "./reasons.ts";
import type { Words } from "./settings/setting.ts";

/** `ofMany` completes "3 …" in the message for a client that nobody can serve. */
interface SkipWords extends Words {
  readonly ofMany?: string;
}

export const failureWords: Readonly<Record<FailureCode, Words>> = {
  invalid_request: { en: "The upstream found the request itself wrong", zh: "上游认为请求本身有误" },
  context_length_exceeded: { en: "The conversation is too long for the model", zh: "会话超出模型的上下文长度" },
  request_too_large: { en: "The request is too large", zh: "请求过大" },
  invalid_encrypted_content: {
    en: "The account cannot read reasoning that another one sealed",
    zh: "该账号无法读取由其他账号加密的推理内容",
  },
  previous_response_not_found: {
    en: "The earlier response lives with another account; the client sends everything anew",
    zh: "先前的响应属于另一个账号；客户端会重新发送全部内容",
  },
  content_policy: { en: "The upstream refused the content", zh: "上游因内容政策拒绝" },
  token_expired: { en: "The access token has expired", zh: "访问令牌已过期" },
  token_invalidated: { en: "The upstream no longer takes the access token", zh: "上游不再接受该访问令牌" },
  sign_in_required: { en: "The account must sign in again", zh: "该账号需要重新登录" },
  account_deactivated: { en: "The account is closed", zh: "该账号已被停用" },
  workspace_denied: { en: "The workspace gives no access to Codex", zh: "该工作区没有 Codex 权限" },
  access_denied: { en: "The upstream refused the account", zh: "上游拒绝该账号" },
  usage_limit_reached: { en: "Its quota is used up", zh: "额度已用完" },
  insufficient_quota: { en: "It has no credit left", zh: "余额不足" },
  usage_not_included: { en: "Its plan does not include this use", zh: "其套餐不含此项用途" },
  rate_limit_exceeded: { en: "It got too many requests in a short time", zh: "短时间内请求过多" },
  server_is_overloaded: { en: "The upstream is overloaded", zh: "上游过载" },
  upstream_error: { en: "The upstream failed", zh: "上游出错" },
  upstream_challenge: { en: "The upstream takes this network for a bot", zh: "上游将此网络视为机器人" },
  upstream_unreachable: { en: "The upstream cannot be reached", zh: "无法连接上游" },
  upstream_timeout: { en: "The upstream gave no answer in time", zh: "上游未及时响应" },
  upstream_stream_truncated: { en: "The answer broke off before its end", zh: "响应中途断开" },
  model_not_supported: { en: "The account does not have this model", zh: "该账号没有此模型" },
  missing_key: { en: "The request showed no platform key", zh: "请求未携带平台密钥" },
  unknown_key: { en: "The platform key is not known", zh: "平台密钥未知" },
  key_disabled: { en: "The platform key is disabled", zh: "平台密钥已停用" },
  login_instead_of_key: { en: "The client sent its own login in place of a key", zh: "客户端发送了自己的登录而非密钥" },
  no_account_available: { en: "No account can serve, and waiting does not help", zh: "没有可用账号，等待也无济于事" },
  not_found: { en: "There is nothing at this path", zh: "该路径不存在" },
  method_not_allowed: { en: "The path takes another method", zh: "该路径不支持此方法" },
  unsupported_encoding: { en: "The body's compression is not known", zh: "不支持请求体的压缩方式" },
  client_closed: { en: "The client left before the end", zh: "客户端在结束前断开" },
  shutting_down: { en: "The gateway was shutting down", zh: "网关正在关闭" },
  internal_error: { en: "The gateway made a mistake; its log says which", zh: "网关内部错误，详见其日志" },
};

const passOverWords: Readonly<Record<PassOver, Required<SkipWords>>> = {
  disabled: { en: "You have disabled it", zh: "已被你停用", ofMany: "disabled by you" },
  sign_in: { en: "It must sign in again", zh: "需要重新登录", ofMany: "must sign in again" },
  no_access: { en: "Its login may not use Codex", zh: "其登录无权使用 Codex", ofMany: "without access to Codex" },
  deactivated: { en: "The account is closed", zh: "该账号已被停用", ofMany: "deactivated" },
  filtered: { en: "The platform key may not use it", zh: "该平台密钥不可使用此账号", ofMany: "not for this key" },
  busy: {
    en: "It serves as many requests as it may at once",
    zh: "并发请求数已达上限",
    ofMany: "at the limit of what they may serve at once",
  },
  probing: {
    en: "One request is finding out whether it serves again",
    zh: "正由一个请求探测其是否恢复",
    ofMany: "being tried again",
  },
  not_manual: {
    en: "Only the manual account may serve",
    zh: "只允许使用手动指定的账号",
    ofMany: "not the manual account",
  },
};

export const skipWords: Readonly<Record<SkipCode, SkipWords>> = {
  ...failureWords,
  ...passOverWords,
  usage_limit_reached: { ...failureWords.usage_limit_reached, ofMany: "used up" },
  insufficient_quota: { ...failureWords.insufficient_quota, ofMany: "out of credit" },
  usage_not_included: { ...failureWords.usage_not_included, ofMany: "on a plan without this use" },
  rate_limit_exceeded: { ...failureWords.rate_limit_exceeded, ofMany: "cooling down" },
  model_not_supported: { ...failureWords.model_not_supported, ofMany: "without this model" },
  token_invalidated: { ...failureWords.token_invalidated, ofMany: "with a refused token" },
  access_denied: { ...failureWords.access_denied, ofMany: "refused by the upstream" },
};

export const routeWords: Readonly<Record<RouteReason, Words>> = {
  manual: { en: "You have picked this account for everything", zh: "你手动指定了此账号" },
  bound: { en: "The conversation is on this account", zh: "该会话绑定在此账号上" },
  parent: { en: "The conversation that started this one is on it", zh: "发起此会话的父会话在此账号上" },
  ordered: { en: "It is the first in your order that can serve", zh: "它是你的顺序中第一个可用的账号" },
  balanced: {
    en: "Its turn has come, by what each account can still give",
    zh: "按各账号剩余能力轮转，轮到它",
  },
  "reset-first": { en: "Its quota would be lost soonest", zh: "它的额度最早重置，先用不浪费" },
  drain: { en: "It has the least left and is finished first", zh: "它剩余最少，先用完" },
  "least-loaded": { en: "It has the fewest running requests for its size", zh: "相对其规模，它正在处理的请求最少" },
};

export const modelWords: Readonly<Record<ModelReason, Words>> = {
  key: { en: "The platform key lays it down", zh: "由平台密钥指定" },
  known: { en: "It is the name of a model that the accounts have", zh: "账号拥有此名称的模型" },
  alias: { en: "It is one of your own names", zh: "它是你自己的名称" },
  suffix: { en: "It is the name of a model with an effort behind it", zh: "模型名称后带有推理强度" },
  substitute: {
    en: "No account has it; the table of substitutes says what serves it",
    zh: "没有账号拥有它，由替代表决定",
  },
  unknown: { en: "Nothing here knows it; it goes upstream as it is", zh: "此处无人知晓，原样发往上游" },
};

export const lostWords: Readonly<Record<LostPart, Words>> = {
  reasoning: {
    en: "Sealed reasoning of the account it left was taken out",
    zh: "移除了由原账号加密的推理内容",
  },
  turn_state: { en: "The turn state of the account it left was taken out", zh: "移除了原账号的轮次状态" },
};

export const stateWords: Readonly<Record<AccountState, Words>> = {
  ready: { en: "ready", zh: "可用" },
  low: { en: "low", zh: "额度偏低" },
  cooling: { en: "cooling down", zh: "冷却中" },
  exhausted: { en: "used up", zh: "已用完" },
  sign_in: { en: "must sign in", zh: "需要登录" },
  no_access: { en: "no access", zh: "无权限" },
  disabled: { en: "disabled", zh: "已停用" },
  unknown: { en: "unknown", zh: "未知" },
};
