// A data directory as a user would have it: accounts imported and a platform key created through the running service.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TOKEN_HEADER } from "../src/contract/rpc/envelope.ts";

/** Accounts in one import. */
const CHUNK = 1000;
const YEAR_SECONDS = 365 * 24 * 3600;

/** Fills a running service; answers with the secret of the new platform key. */
export async function furnish(folder: string, port: number, accounts: number): Promise<string> {
  for (let first = 0; first < accounts; first += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, accounts - first) }, (_, index) => first + index);
    const result = await call(folder, port, "account/import", { contents: numbers.map(authFile) });
    if (result["failed"] !== 0) throw new Error(`the import failed: ${JSON.stringify(result)}`);
  }
  const { key } = await call(folder, port, "apikey/create", { name: "bench" });
  return String(key);
}

type Fields = Record<string, unknown>;

async function call(folder: string, port: number, method: string, params: object): Promise<Fields> {
  const token = readFileSync(join(folder, "codexmanager.rpc-token"), "utf8").trim();
  const answer = await fetch(`http://127.0.0.1:${port}/rpc`, {
    method: "POST",
    headers: { "content-type": "application/json", [TOKEN_HEADER]: token },
    body: JSON.stringify({ id: 1, method, params }),
  });
  if (answer.status !== 200) throw new Error(`${method} was answered with status ${answer.status}`);
  const { result } = (await answer.json()) as { result: Fields };
  if (result["error"] !== undefined) throw new Error(`${method}: ${JSON.stringify(result["error"])}`);
  return result;
}

/** An auth.json with tokens that are good for a year; nobody has signed them, and nobody here checks. */
function authFile(index: number): string {
  const name = `bench-${index}`;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "https://auth.openai.com",
    sub: `auth0|${name}`,
    email: `${name}@example.com`,
    iat: now,
    exp: now + YEAR_SECONDS,
    "https://api.openai.com/auth": {
      chatgpt_account_id: `account-${name}`,
      chatgpt_user_id: `user-${name}`,
      chatgpt_plan_type: "plus",
    },
    padding: "x".repeat(700),
  };
  const token = [{ alg: "none", typ: "JWT" }, claims].map(encoded).join(".") + ".unsigned";
  return JSON.stringify({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: { id_token: token, access_token: token, refresh_token: `rt-${name}`, account_id: `account-${name}` },
    last_refresh: new Date(now * 1000).toISOString(),
  });
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
