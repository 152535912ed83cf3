import { expect, test } from "vitest";
import { identify } from "./identity.ts";
import { readImport } from "./import-formats.ts";
import { jwt } from "./testing.ts";

function identityOf(item: object) {
  const [read] = readImport(JSON.stringify(item));
  if (!read?.ok) throw new Error(read?.message);
  return identify(read.login);
}

const auth = (claims: object) => ({ "https://api.openai.com/auth": claims });
const ann = jwt({
  sub: "google|1",
  email: "ann@example.com",
  ...auth({ chatgpt_user_id: "user-1", chatgpt_account_id: "a" }),
});

test("the same person in the same workspace is one account, whatever the file looked like", () => {
  const nested = identityOf({
    tokens: { access_token: "opaque", id_token: ann, refresh_token: "rt", account_id: "a" },
  });
  const session = identityOf({ accessToken: ann, user: { id: "user-1" }, account: { id: "a" } });
  const flat = identityOf({ access_token: ann });
  expect(nested).toMatchObject({ userId: "user-1", chatgptAccountId: "a", email: "ann@example.com" });
  expect(session.id).toBe(nested.id);
  expect(flat.id).toBe(nested.id);
});

test("another workspace, and another member of the same workspace, is another account", () => {
  const here = identityOf({ access_token: ann });
  const elsewhere = identityOf({ access_token: ann, account_id: "b" });
  const bob = identityOf({ access_token: jwt(auth({ chatgpt_user_id: "user-2", chatgpt_account_id: "a" })) });
  expect(new Set([here.id, elsewhere.id, bob.id]).size).toBe(3);
});

test("falls back to user_id, then the item's user, then sub, then the fingerprint of the token", () => {
  expect(identityOf({ access_token: jwt(auth({ user_id: "user-3" })) }).userId).toBe("user-3");
  expect(identityOf({ accessToken: "opaque", user: { id: "user-4" } }).userId).toBe("user-4");
  expect(identityOf({ access_token: jwt({ sub: "auth0|5" }) }).userId).toBe("auth0|5");
  expect(identityOf({ access_token: "opaque", account_id: "a" })).toMatchObject({ userId: "", chatgptAccountId: "a" });
  const unknown = identityOf({ access_token: "opaque", refresh_token: "rt_1" });
  expect(unknown.userId).toMatch(/^fp_[0-9a-f]{12}$/);
  expect(identityOf({ access_token: "opaque 2".replace(" ", ""), refresh_token: "rt_1" }).id).toBe(unknown.id);
});

test("an internal account id of the original's export is not taken for ChatGPT's", () => {
  const item = {
    tokens: { access_token: jwt(auth({ chatgpt_user_id: "u", chatgpt_account_id: "a" })), account_id: "u::1f2e" },
  };
  expect(identityOf(item).chatgptAccountId).toBe("a");
});

test("reads age and end of the access token, plan, name and e-mail from its claims", () => {
  const claims = { iat: 1000, exp: 5000, name: "Ann", ...auth({ chatgpt_user_id: "u", chatgpt_plan_type: "team" }) };
  const profile = { "https://api.openai.com/profile": { email: "p@example.com" } };
  expect(
    identityOf({ access_token: jwt({ ...claims, ...profile }), last_refresh: "1970-01-01T01:00:00Z" }),
  ).toMatchObject({
    refreshedAt: 3_600_000,
    expiresAt: 5_000_000,
    plan: "team",
    name: "Ann",
    email: "p@example.com",
  });
});
