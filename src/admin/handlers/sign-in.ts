// Sign-in over RPC. Only the running service can wait for a browser.

import { readPasted } from "../../accounts/sign-in/callback.ts";
import type { SignIns, StartedSignIn } from "../../accounts/sign-in/sign-ins.ts";
import type { signInMethods } from "../../contract/rpc/areas/sign-in.ts";
import type { ParamsOf, ResultOf } from "../../contract/rpc/table.ts";
import { asList, asText } from "../../kit/json-value.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";

export interface SignInDeps {
  readonly signIns: SignIns | null;
  readonly signInTerms: () => { readonly issuerUrl: string; readonly clientId: string };
}

const NOT_RUNNING = "signing in needs the running service: start it with `codexmanager start`";

export function signInHandlers({ signIns, signInTerms }: SignInDeps): Handlers<keyof typeof signInMethods> {
  return {
    "account/login/start": async ({ type, note, tags, groupName, workspaceId, accountId }) => {
      if (signIns === null) return failed(NOT_RUNNING);
      const belongings = { note, groupName, tags: tagsOf(tags) };
      const way = type === "device" ? "device" : "browser";
      const result = await signIns.start({ way, belongings, workspaceId, accountId });
      return result.ok ? done(startResult(result.started, type, signInTerms())) : failed(result.message);
    },
    "account/login/status": async ({ loginId }) => {
      const status = loginId === null ? null : (signIns?.status(loginId) ?? null);
      if (status === null) return done({ status: "unknown", error: null, accountId: null, updatedAt: null });
      const { state, reason, accountId, changedAt } = status;
      return done({ status: state, error: reason, accountId, updatedAt: toSeconds(changedAt) });
    },
    "account/login/cancel": async ({ loginId }) =>
      signIns?.cancel(loginId) ? done(null) : failed("no sign-in is under way with this loginId"),
    "account/login/complete": async (params) => {
      if (signIns === null) return failed(NOT_RUNNING);
      const query = queryOf(params);
      if (query === null) return failed("missing code/state");
      const status = await signIns.arrive(query, params.redirectUri ?? undefined);
      if (status === null) return failed("this sign-in is not known here: begin a new one");
      return status.state === "success" ? done(null) : failed(status.reason ?? `the sign-in is ${status.state}`);
    },
  };
}

function queryOf({ url, state, code }: ParamsOf<"account/login/complete">): URLSearchParams | null {
  const callback = url === null ? null : readPasted(url);
  if (callback?.kind === "code") return new URLSearchParams({ state: callback.state, code: callback.code });
  if (callback?.kind === "refused") return new URLSearchParams({ error: callback.reason, state: callback.state ?? "" });
  return state === null || code === null ? null : new URLSearchParams({ state, code });
}

function tagsOf(tags: ParamsOf<"account/login/start">["tags"]): string[] {
  const names = typeof tags === "string" ? tags.split(",") : asList(tags).map((tag) => asText(tag) ?? "");
  return names.map((name) => name.trim()).filter((name) => name !== "");
}

function startResult(
  { loginId, authUrl, redirectUri, warning, device }: StartedSignIn,
  loginType: string,
  { issuerUrl, clientId }: { readonly issuerUrl: string; readonly clientId: string },
): ResultOf<"account/login/start"> {
  const urls = {
    userCodeUrl: `${issuerUrl}/api/accounts/deviceauth/usercode`,
    tokenUrl: `${issuerUrl}/api/accounts/deviceauth/token`,
    redirectUri,
  };
  return {
    authUrl,
    loginId,
    loginType,
    issuer: issuerUrl,
    clientId,
    redirectUri,
    warning,
    device: device && { ...urls, ...device, expiresAt: toSeconds(device.expiresAt) },
  };
}
