import { afterAll, beforeAll, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

interface Row {
  slug: string;
  use_responses_lite: boolean;
}

async function catalogue(account: DemoAccount, version: string): Promise<{ rows: Row[]; etag: string | null }> {
  const answer = await fetch(`${world.chatgptUrl}/models?client_version=${version}`, {
    headers: { authorization: `Bearer ${account.login.accessToken}` },
  });
  return { rows: ((await answer.json()) as { models: Row[] }).models, etag: answer.headers.get("x-models-etag") };
}

test("the catalogue depends on the plan", async () => {
  const slugs = async (plan: "plus" | "free"): Promise<string[]> =>
    (await catalogue(world.addAccount({ plan }), "0.169.0")).rows.map((row) => row.slug);
  expect(await slugs("plus")).toContain("gpt-5.3-codex-spark");
  expect(await slugs("free")).not.toContain("gpt-5.3-codex-spark");
  expect(await slugs("free")).toContain("gpt-5.4-mini");
});

test("models that a client is too old for are left out", async () => {
  const account = world.addAccount();
  const hasLite = async (version: string): Promise<boolean> =>
    (await catalogue(account, version)).rows.some((row) => row.use_responses_lite);
  expect([await hasLite("0.143.9"), await hasLite("0.144.0-alpha.1"), await hasLite("1.0.0")]).toEqual([
    false,
    true,
    true,
  ]);
});

test("the change tag is the one that answers to turns carry", async () => {
  expect((await catalogue(world.addAccount(), "0.169.0")).etag).toBe('"demo-models-1"');
});
