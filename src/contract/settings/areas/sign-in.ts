// Settings of signing in and of renewing tokens.

import { address, text, toggle, url } from "../kinds.ts";

export const signIn = {
  issuer: url({
    default: "https://auth.openai.com",
    env: "CODEXMANAGER_ISSUER",
    isStorable: false,
    en: "Issuer of the tokens; its token endpoint renews them. Used exactly as given.",
    zh: "令牌签发方；由其令牌端点续期。按所给地址原样使用。",
  }),
  clientId: text({
    default: "app_EMoamEEZ73f0CkXaXp7hrann",
    env: "CODEXMANAGER_CLIENT_ID",
    isStorable: false,
    en: "OAuth client id used when renewing tokens.",
    zh: "续期令牌时使用的 OAuth client id。",
  }),
  originator: text({
    default: "codex_cli_rs",
    env: "CODEXMANAGER_ORIGINATOR",
    applies: "hot",
    en: "The `originator` sent upstream for clients other than Codex; Codex clients keep their own.",
    zh: "非 Codex 客户端发往上游时使用的 `originator`；Codex 客户端保留自己的值。",
  }),
  redirectUri: text({
    default: null,
    env: "CODEXMANAGER_REDIRECT_URI",
    en: "Redirect address of the browser sign-in; without it, `/auth/callback` on the callback address.",
    zh: "浏览器登录的回调 URI；未设置时为回调地址上的 `/auth/callback`。",
  }),
  callbackAddress: address({
    default: "localhost:1455",
    env: "CODEXMANAGER_LOGIN_ADDR",
    en: "Where the browser sign-in waits for its callback.",
    zh: "浏览器登录等待回调的监听地址。",
  }),
  allowsRemoteCallback: toggle({
    default: false,
    env: "CODEXMANAGER_ALLOW_NON_LOOPBACK_LOGIN_ADDR",
    en: "Whether the callback may listen beyond loopback.",
    zh: "回调是否允许监听非回环地址。",
  }),
};
