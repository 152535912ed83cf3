// What a browser is shown when it comes back from a sign-in, here or at the service's own address.

import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AttemptStatus } from "../../accounts/sign-in/attempt.ts";
import type { SignIns } from "../../accounts/sign-in/sign-ins.ts";

export const CALLBACK_PATH = "/auth/callback";

export type CallbackAnswer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Page {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const en = {
  lang: "en",
  success: "You are signed in",
  close: "The account is in the pool. You can close this window.",
  failed: "The sign-in failed",
  unknown: "This sign-in is not known here",
  again: "It was begun elsewhere, or is long over. Begin a new one in CodexManager.",
  incomplete: "The address is not complete",
  missing: "It must hold a code and a state.",
};

const zh: typeof en = {
  lang: "zh-CN",
  success: "登录成功",
  close: "账号已加入账号池，可以关闭此窗口。",
  failed: "登录失败",
  unknown: "找不到这次登录",
  again: "它在别处发起，或早已结束。请在 CodexManager 中重新登录。",
  incomplete: "地址不完整",
  missing: "地址中必须包含 code 与 state。",
};

const STYLE = `:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}main{max-width:40rem;margin:12vh auto;padding:0 1.5rem}`;
const POLICY = `default-src 'none'; style-src 'sha256-${hash("sha256", STYLE, "base64")}'; frame-ancestors 'none'; base-uri 'none'`;

export function callbackAnswer(signIns: Pick<SignIns, "arrive">): CallbackAnswer {
  return async (request, response) => {
    const { url = "/", headers, method } = request;
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const words = /^\s*zh\b/i.test(headers["accept-language"] ?? "") ? zh : en;
    if (path !== CALLBACK_PATH || method !== "GET") {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not Found");
      return;
    }
    const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
    const isComplete = query.has("error") || (query.has("code") && query.has("state"));
    show(response, words, isComplete ? pageOf(await signIns.arrive(query), words) : incomplete(words));
  };
}

function incomplete(words: typeof en): Page {
  return { status: 400, title: words.incomplete, text: words.missing };
}

function pageOf(status: AttemptStatus | null, words: typeof en): Page {
  if (status === null) return { status: 400, title: words.unknown, text: words.again };
  if (status.state === "success") return { status: 200, title: words.success, text: words.close };
  return { status: 500, title: words.failed, text: status.reason ?? "" };
}

function show(response: ServerResponse, { lang }: typeof en, { status, title, text }: Page): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  const head = `<meta charset="utf-8"><title>${escape(title)}</title><style>${STYLE}</style>`;
  response.end(
    `<!doctype html><html lang="${lang}"><head>${head}</head><body><main><h1>${escape(title)}</h1><p>${escape(text)}</p></main></body></html>`,
  );
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
