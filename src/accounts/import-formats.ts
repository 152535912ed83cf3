// Reads logins out of every file people have them in: auth.json of all Codex versions, the same fields flat or in
// camelCase, ChatGPT's /api/auth/session, exports of other account pools, arrays and streams of all these. Pure.

import { plainText } from "../kit/plain-text.ts";
import type { Tokens } from "../store/credential-rows.ts";
import { splitJsonValues } from "./json-values.ts";

/** One login as its file tells it. Everything but the access token is optional; instants are epoch ms. */
export interface ImportedLogin {
  readonly tokens: Tokens;
  readonly userId: string | null;
  readonly chatgptAccountId: string | null;
  readonly workspaceId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly plan: string | null;
  readonly issuer: string | null;
  /** What a person has called it. */
  readonly label: string | null;
  readonly groupName: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly refreshedAt: number | null;
  readonly expiresAt: number | null;
}

export type ImportItem =
  | { readonly ok: true; readonly login: ImportedLogin }
  | { readonly ok: false; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;

/** Every item of one file, in order. A file that is no JSON at all is one bad item. */
export function readImport(content: string): ImportItem[] {
  return splitJsonValues(content).flatMap((value) =>
    value.ok ? unwrap(value.value).map(readItem) : [{ ok: false as const, message: value.error }],
  );
}

/** Arrays, and the wrapper `{type, version, exported_at, accounts: […]}` of other pools. */
function unwrap(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(unwrap);
  const accounts = asFields(value)?.["accounts"];
  return Array.isArray(accounts) ? accounts : [value];
}

function readItem(value: unknown): ImportItem {
  const item = asFields(value);
  if (!item) return bad("this item is not a JSON object");
  const platform = text([item], "platform");
  const type = text([item], "type");
  if (platform && (platform !== "openai" || type !== "oauth")) {
    return bad(`platform ${plainText(platform, 40)} (${plainText(type ?? "no type", 40)}) is not a ChatGPT login`);
  }
  const places = [item["tokens"], item["credentials"], item].map(asFields).filter((fields) => fields !== null);
  const accessToken = text(places, "access_token", "accessToken");
  if (accessToken === null) return bad(missingToken(item, places));
  if (!/^[\x21-\x7e]+$/.test(accessToken)) return bad("tokens.access_token holds characters no header may carry");
  return { ok: true, login: readLogin(item, places, accessToken) };
}

function missingToken(item: Fields, places: readonly Fields[]): string {
  if (text([item], "OPENAI_API_KEY")) return "API keys are not imported yet: only ChatGPT logins are";
  const isEmpty = places.some((fields) => fields["access_token"] === "" || fields["accessToken"] === "");
  return isEmpty ? "empty field: tokens.access_token" : "missing field: tokens.access_token";
}

function readLogin(item: Fields, places: readonly Fields[], accessToken: string): ImportedLogin {
  const meta = asFields(item["meta"]) ?? {};
  const user = asFields(item["user"]) ?? {};
  const sessionAccount = asFields(item["account"]) ?? {};
  const all = [...places, meta];
  return {
    tokens: {
      accessToken,
      refreshToken: text(places, "refresh_token", "refreshToken"),
      idToken: text(places, "id_token", "idToken"),
    },
    userId: text(all, "chatgpt_user_id", "chatgptUserId", "user_id", "userId") ?? text([user], "id"),
    chatgptAccountId: accountIdOf(all, sessionAccount),
    workspaceId: text([meta, ...places], "workspace_id", "workspaceId"),
    email: text([user], "email") ?? text(all, "email"),
    name: text([user], "name") ?? text(all, "name"),
    plan: text(all, "plan_type", "planType", "chatgpt_plan_type") ?? text([sessionAccount], "planType", "plan_type"),
    issuer: text([meta, item], "issuer"),
    label: text([meta, item], "label"),
    groupName: text([meta, item], "group", "groupName", "group_name"),
    note: text([meta, item], "note"),
    tags: tagsOf(meta["tags"] ?? item["tags"]),
    refreshedAt: instant(places, "last_refresh", "lastRefresh"),
    expiresAt: instant(places, "expires_at", "expiresAt", "expired"),
  };
}

/** `account_id` is the upstream's own in auth.json; exports of the original put their internal `user::suffix` there. */
function accountIdOf(places: readonly Fields[], sessionAccount: Fields): string | null {
  const explicit = text(places, "chatgpt_account_id", "chatgptAccountId");
  const plain = text(places, "account_id", "accountId");
  return explicit ?? (plain?.includes("::") ? null : plain) ?? text([sessionAccount], "id", "account_id");
}

function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The first non-empty string under one of the names, place by place. */
function text(places: readonly Fields[], ...names: readonly string[]): string | null {
  for (const fields of places) {
    for (const name of names) {
      const value = fields[name];
      if (typeof value === "string" && value.trim() !== "") return value.trim();
    }
  }
  return null;
}

/** RFC 3339 text, or a number of seconds or milliseconds. */
function instant(places: readonly Fields[], ...names: readonly string[]): number | null {
  for (const fields of places) {
    for (const name of names) {
      const value = fields[name];
      if (typeof value === "number" && value > 0) return value < 1e11 ? value * 1000 : value;
      const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
      if (!Number.isNaN(parsed)) return parsed;
    }
  }
  return null;
}

function tagsOf(value: unknown): string[] {
  const parts = typeof value === "string" ? value.split(",") : Array.isArray(value) ? (value as unknown[]) : [];
  return parts.flatMap((part) => (typeof part === "string" && part.trim() !== "" ? [plainText(part, 60)] : []));
}

function bad(message: string): ImportItem {
  return { ok: false, message };
}
