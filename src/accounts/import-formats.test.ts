import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readImport } from "./import-formats.ts";
import type { ImportedLogin } from "./import-formats.ts";

const codexFile = readFileSync(new URL("./fixtures/auth-0.169.json", import.meta.url), "utf8");

function only(content: string): ImportedLogin {
  const [item, ...more] = readImport(content);
  expect(more).toEqual([]);
  if (!item?.ok) throw new Error(item?.message ?? "nothing read");
  return item.login;
}

function messages(content: string): string[] {
  return readImport(content).map((item) => (item.ok ? "ok" : item.message));
}

test("reads auth.json as the Codex CLI writes it", () => {
  const login = only(codexFile);
  expect(login.tokens.refreshToken).toBe("rt_fake_1");
  expect(login.tokens.idToken).toMatch(/^eyJ/);
  expect(login.chatgptAccountId).toBe("acc-1111");
  expect(login.refreshedAt).toBe(Date.parse("2026-11-20T19:34:02.757Z"));
});

const shapes: [string, object][] = [
  [
    "nested tokens, snake case",
    { tokens: { access_token: "at", refresh_token: "rt", id_token: "it", account_id: "a" } },
  ],
  ["nested tokens, camel case", { tokens: { accessToken: "at", refreshToken: "rt", idToken: "it", accountId: "a" } }],
  [
    "credentials",
    { credentials: { access_token: "at", refresh_token: "rt", id_token: "it", chatgpt_account_id: "a" } },
  ],
  ["flat, snake case", { access_token: "at", refresh_token: "rt", id_token: "it", account_id: "a" }],
  ["flat, camel case", { accessToken: "at", refreshToken: "rt", idToken: "it", chatgptAccountId: "a" }],
];

test.each(shapes)("reads %s", (_name, item) => {
  const login = only(JSON.stringify(item));
  expect(login.tokens).toEqual({ accessToken: "at", refreshToken: "rt", idToken: "it" });
  expect(login.chatgptAccountId).toBe("a");
});

test("reads ChatGPT's session page", () => {
  const login = only(
    JSON.stringify({
      user: { id: "user-1", name: "Ann", email: "ann@example.com" },
      expires: "2027-01-01T00:00:00Z",
      account: { id: "acc-9", planType: "plus" },
      accessToken: "at",
      authProvider: "openai",
    }),
  );
  expect(login).toMatchObject({
    tokens: { accessToken: "at", refreshToken: null, idToken: null },
    userId: "user-1",
    email: "ann@example.com",
    name: "Ann",
    chatgptAccountId: "acc-9",
    plan: "plus",
    expiresAt: null,
  });
});

test("unpacks the export of another pool and takes only its ChatGPT logins", () => {
  const entry = { name: "my login", platform: "openai", type: "oauth" };
  const content = JSON.stringify({
    type: "sub2api-data",
    version: 1,
    exported_at: "2026-01-01T00:00:00Z",
    accounts: [
      { ...entry, credentials: { access_token: "at", refresh_token: "rt", expires_at: "2026-11-30T00:00:00Z" } },
      { ...entry, platform: "anthropic", credentials: { access_token: "at" } },
      { ...entry, type: "apikey", credentials: { api_key: "sk" } },
    ],
  });
  const [first] = readImport(content);
  expect(first).toMatchObject({ ok: true, login: { name: "my login", expiresAt: Date.UTC(2026, 10, 30) } });
  expect(messages(content)).toEqual([
    "ok",
    "platform anthropic (oauth) is not a ChatGPT login",
    "platform openai (apikey) is not a ChatGPT login",
  ]);
});

test("reads the original's own export with what a person has set", () => {
  const meta = {
    label: "Work",
    issuer: "https://auth.openai.com",
    note: "n",
    tags: "a, b",
    workspaceId: "ws",
    chatgptAccountId: "acc-1",
  };
  const login = only(JSON.stringify([{ tokens: { access_token: "at", account_id: "sub::abc" }, meta }]));
  expect(login).toMatchObject({
    label: "Work",
    issuer: "https://auth.openai.com",
    note: "n",
    tags: ["a", "b"],
    workspaceId: "ws",
    chatgptAccountId: "acc-1",
  });
});

test("reads arrays, lines, and pretty-printed objects in a row", () => {
  const item = (name: string) => ({ tokens: { access_token: name, note: 'a "}" in text \\' } });
  const items = [item("1"), item("2"), item("3")];
  for (const content of [
    JSON.stringify(items),
    items.map((each) => JSON.stringify(each)).join("\r\n"),
    `\uFEFF${items.map((each) => JSON.stringify(each, null, 2)).join("\n\n")}\n`,
    items.map((each) => JSON.stringify(each)).join(""),
    JSON.stringify([items]),
  ]) {
    const read = readImport(content).map((each) => each.ok && each.login.tokens.accessToken);
    expect(read).toEqual(["1", "2", "3"]);
  }
  expect(readImport("  \n ")).toEqual([]);
});

test("a bad value is told in its place and never hides those after it", () => {
  const good = JSON.stringify({ access_token: "at" });
  expect(messages(`${good}\n{"access_token": oops}\n${good}`)).toEqual([
    "ok",
    expect.stringContaining("invalid JSON"),
    "ok",
  ]);
  expect(messages(`${good}\n{"access_token": "cut off\n${good}`)).toEqual(["ok", expect.any(String), "ok"]);
  expect(messages(`[${good}, {"x":`)).toEqual([expect.stringContaining("invalid JSON array: ")]);
  expect(messages(`model = "gpt-5"`)).toEqual([expect.stringContaining("invalid JSON object stream: ")]);
  expect(messages(`[1, ${good}, null]`)).toEqual([
    "this item is not a JSON object",
    "ok",
    "this item is not a JSON object",
  ]);
});

test("an error never repeats what may be a token", () => {
  expect(messages(`{"access_token": "at_secret" "x"}`).join()).not.toContain("at_secret");
});

test("says which token is missing, and what an API key is", () => {
  expect(messages(`{"tokens":{}}`)).toEqual(["missing field: tokens.access_token"]);
  expect(messages(`{"tokens":{"access_token":""}}`)).toEqual(["empty field: tokens.access_token"]);
  expect(messages(`{"access_token":"a b"}`)).toEqual(["tokens.access_token holds characters no header may carry"]);
  expect(messages(`{"auth_mode":"apikey","OPENAI_API_KEY":"sk-1"}`)[0]).toMatch(/^API keys are not imported yet/);
});
