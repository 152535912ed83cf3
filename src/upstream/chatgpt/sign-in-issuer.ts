// The endpoints of a ChatGPT issuer that a sign-in goes through: a code for tokens, and the two of the device way. Each is one
// request, judged; stores nothing and repeats nothing.
// Facts: observed with Codex CLI 0.169 (form-encoded code exchange, device endpoints); the older spelling `usercode`, an interval
// as text and 403 or 404 for "not yet" from public reports about codex login.

import type { Transport } from "../transport.ts";
import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import { fetchSmall, type SmallAnswer } from "./fetch-small.ts";

export interface CodeExchange {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface SignedInTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
}

/** `reason` is a sentence for the person who signs in. */
export type ExchangeAnswer =
  | { readonly kind: "tokens"; readonly tokens: SignedInTokens }
  | { readonly kind: "refused"; readonly reason: string };

export interface DeviceCode {
  readonly deviceAuthId: string;
  /** What the person types in. */
  readonly userCode: string;
  readonly intervalMs: number;
}

export type DeviceAnswer =
  | { readonly kind: "code"; readonly code: DeviceCode }
  /** The workspace does not allow this way. */
  | { readonly kind: "switched_off" }
  | { readonly kind: "refused"; readonly reason: string };

export type DevicePoll =
  | { readonly kind: "approved"; readonly exchange: Omit<CodeExchange, "redirectUri"> }
  /** Nobody has decided yet; `slower` asks for longer pauses. */
  | { readonly kind: "waiting"; readonly slower: boolean }
  | { readonly kind: "refused"; readonly reason: string };

export interface SignInIssuer {
  exchange(exchange: CodeExchange): Promise<ExchangeAnswer>;
  beginDevice(): Promise<DeviceAnswer>;
  pollDevice(code: DeviceCode): Promise<DevicePoll>;
}

export interface SignInIssuerOptions {
  readonly transport: Pick<Transport, "dispatcherFor">;
  /** E.g. `https://auth.openai.com`, without a slash at its end. */
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

const DEFAULT_INTERVAL_S = 5;
const PENDING: ReadonlySet<number> = new Set([403, 404]);

export function createSignInIssuer(options: SignInIssuerOptions): SignInIssuer {
  const { transport, issuerUrl, clientId, userAgent, timeoutMs } = options;
  const { origin } = new URL(issuerUrl);
  const post = (path: string, contentType: string, body: string): Promise<SmallAnswer> =>
    fetchSmall({
      dispatcher: transport.dispatcherFor("", origin),
      url: `${issuerUrl}${path}`,
      method: "POST",
      headers: { accept: "application/json", "content-type": contentType, "user-agent": userAgent },
      body,
      timeoutMs,
    });
  const postJson = (path: string, body: object) => post(path, "application/json", JSON.stringify(body));
  return {
    async exchange({ code, verifier, redirectUri }) {
      const fields = { grant_type: "authorization_code", code, redirect_uri: redirectUri, client_id: clientId };
      const form = new URLSearchParams({ ...fields, code_verifier: verifier }).toString();
      return readTokens(await post("/oauth/token", "application/x-www-form-urlencoded", form));
    },
    async beginDevice() {
      return readDeviceCode(await postJson("/api/accounts/deviceauth/usercode", { client_id: clientId }));
    },
    async pollDevice({ deviceAuthId, userCode }) {
      const body = { device_auth_id: deviceAuthId, user_code: userCode };
      return readPoll(await postJson("/api/accounts/deviceauth/token", body));
    },
  };
}

function readTokens(answer: SmallAnswer): ExchangeAnswer {
  const json = answer.ok && answer.status === 200 ? answer.json : null;
  const accessToken = asText(json?.["access_token"]);
  if (json === null || accessToken === null) return { kind: "refused", reason: reasonOf(answer) };
  const tokens = { accessToken, refreshToken: asText(json["refresh_token"]), idToken: asText(json["id_token"]) };
  return { kind: "tokens", tokens };
}

function readDeviceCode(answer: SmallAnswer): DeviceAnswer {
  if (answer.ok && answer.status === 404) return { kind: "switched_off" };
  const json = answer.ok && answer.status === 200 ? answer.json : null;
  const deviceAuthId = asText(json?.["device_auth_id"]);
  const userCode = asText(json?.["user_code"]) ?? asText(json?.["usercode"]);
  if (json === null || deviceAuthId === null || userCode === null) return { kind: "refused", reason: reasonOf(answer) };
  return { kind: "code", code: { deviceAuthId, userCode, intervalMs: intervalOf(json) } };
}

function intervalOf(json: JsonObject): number {
  const told = asNumber(json["interval"]) ?? Number(asText(json["interval"]) ?? Number.NaN);
  return Math.max(1, Number.isFinite(told) ? told : DEFAULT_INTERVAL_S) * 1000;
}

function readPoll(answer: SmallAnswer): DevicePoll {
  // A network that fails once in fifteen minutes ends no sign-in.
  if (!answer.ok) return { kind: "waiting", slower: true };
  const { status, json } = answer;
  const code = asText(json?.["authorization_code"]);
  const verifier = asText(json?.["code_verifier"]);
  if (status === 200 && code !== null && verifier !== null) return { kind: "approved", exchange: { code, verifier } };
  const word = errorWord(json);
  if (word === "slow_down" || status === 429 || status >= 500) return { kind: "waiting", slower: true };
  if (PENDING.has(status) || word === "authorization_pending") return { kind: "waiting", slower: false };
  return { kind: "refused", reason: reasonOf(answer) };
}

/** `{error: "code"}` as OAuth has it, or `{error: {code}}` as OpenAI has it. */
function errorWord(json: JsonObject | null): string | null {
  return asText(json?.["error"]) ?? asText(asObject(json?.["error"])?.["code"]);
}

function reasonOf(answer: SmallAnswer): string {
  if (!answer.ok) return answer.message;
  const { status, json } = answer;
  const words =
    asText(json?.["error_description"]) ?? asText(asObject(json?.["error"])?.["message"]) ?? errorWord(json);
  return `The issuer answered ${status}${words === null ? "." : `: ${words}`}`;
}
