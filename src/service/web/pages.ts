// The built-in pages: what to do next, the password form, and the farewell. They need no script and nothing from elsewhere.

import { hash } from "node:crypto";
import { html, raw } from "hono/html";

export type Html = ReturnType<typeof html>;

const en = {
  lang: "en",
  title: "CodexManager is running",
  intro: "The gateway is ready. This version is used from the command line:",
  steps: [
    ["Add your accounts", "npx cxm account import auth.json …"],
    ["Create a key for your client", "npx cxm key create"],
    ["See how it is doing", "npx cxm status"],
  ],
  colon: ": ",
  point: "Point your client at",
  password: "Password",
  signIn: "Sign in",
  wrong: "The password is wrong.",
  wait: "Too many wrong passwords. Try again in a minute.",
  stopped: "CodexManager has stopped. You can close this page.",
};

const zh: typeof en = {
  lang: "zh-CN",
  title: "CodexManager 正在运行",
  intro: "网关已就绪。本版本通过命令行使用：",
  steps: [
    ["添加账号", "npx cxm account import auth.json …"],
    ["为客户端创建密钥", "npx cxm key create"],
    ["查看运行状态", "npx cxm status"],
  ],
  colon: "：",
  point: "客户端地址设为",
  password: "密码",
  signIn: "登录",
  wrong: "密码错误。",
  wait: "错误次数过多，请一分钟后再试。",
  stopped: "CodexManager 已停止，可以关闭本页。",
};

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
main { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem }
code { font-size: .95em } input, button { font: inherit; padding: .3em .7em }`;

/** Allows nothing but the page's own style and its form. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash("sha256", STYLE, "base64")}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

function words(acceptLanguage: string | undefined): typeof en {
  return /^\s*zh\b/i.test(acceptLanguage ?? "") ? zh : en;
}

function page({ lang, title }: typeof en, body: Html): Html {
  return html`<!doctype html>
    <html lang="${lang}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      ${raw(`<style>${STYLE}</style>`)}
      <main>${body}</main>
    </html>`;
}

export function homePage(language: string | undefined, serviceUrl: string): Html {
  const text = words(language);
  const steps = text.steps.map(([what, command]) => html`<li>${what}${text.colon}<code>${command}</code></li>`);
  const address = html`<p>${text.point} <code>${serviceUrl}/v1</code></p>`;
  return page(
    text,
    html`<h1>${text.title}</h1>
      <p>${text.intro}</p>
      <ol>
        ${steps}
      </ol>
      ${address}`,
  );
}

export function signInPage(language: string | undefined, problem: "wrong" | "wait" | null): Html {
  const text = words(language);
  const message = problem === null ? "" : html`<p role="alert">${text[problem]}</p>`;
  const field = html`<label>${text.password} <input type="password" name="password" autofocus required /></label>`;
  const form = html`<form method="post" action="/__login">${field} <button>${text.signIn}</button></form>`;
  return page(
    text,
    html`<h1>CodexManager</h1>
      ${message}${form}`,
  );
}

export function stoppedPage(language: string | undefined): Html {
  const text = words(language);
  return page(text, html`<p>${text.stopped}</p>`);
}
