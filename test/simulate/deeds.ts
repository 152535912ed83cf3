// What the user, the machine and the upstream do in a run, step by step.

import type { AccountRecord } from "../../src/store/account-rows.ts";
import { afterSignIn } from "../../src/pool/transitions.ts";
import type { Scene } from "./scene.ts";
import type { AccountWish, Deed } from "./step.ts";
import { UpstreamAccount } from "./upstream-account.ts";

export type UserDeed = Exclude<Deed, { readonly kind: "turn" | "jump" | "restart" }>;

export function carryOut(scene: Scene, deed: UserDeed): void {
  const { world, life, now } = scene;
  switch (deed.kind) {
    case "add":
      return addAccount(scene, deed.account);
    case "setting":
      return scene.settings.set(deed.key, deed.value);
    case "trouble":
      return world.begin(deed.trouble, now);
    case "reset":
      return world.accounts.get(deed.name)?.resetEarly();
    case "sign_in":
      return signIn(scene, deed.name);
    case "enable":
    case "disable":
      return void life?.accounts.update([deed.name], { status: deed.kind === "enable" ? "active" : "disabled" });
    case "delete":
      return void life?.accounts.remove(deed.name);
    case "reorder":
      return void life?.accounts.update([deed.name], { sort: deed.sort });
  }
}

function addAccount(scene: Scene, wish: AccountWish): void {
  const { life, world } = scene;
  if (life === null || scene.find(wish.name) !== undefined) return;
  if (!world.accounts.has(wish.name)) world.accounts.set(wish.name, new UpstreamAccount(wish, scene.now));
  void life.store.accounts.put(recordOf(wish, scene.pool.length)).then(() => signIn(scene, wish.name));
}

/** The user signs in: new tokens, and whatever was wrong with the login is over. */
export function signIn(scene: Scene, name: string): void {
  const { life, world } = scene;
  const account = world.accounts.get(name);
  if (life === null || account === undefined || account.isClosed) return;
  account.isLoginDead = false;
  account.issueTokens(scene.now);
  scene.signedInAt.set(name, scene.gatewayNow);
  void takeIn(scene, account);
}

async function takeIn({ life, gatewayNow }: Scene, account: UpstreamAccount): Promise<void> {
  if (life === null || (await life.store.accounts.find(account.name)) === null) return;
  const { accessToken, refreshToken, tokenLifeMs, name } = account;
  await life.store.credentials.put(name, {
    tokens: { accessToken, refreshToken, idToken: null },
    expiresAt: gatewayNow + tokenLifeMs,
    refreshedAt: gatewayNow,
  });
  await life.source.reload([name]);
  life.source.changeFacts(name, (facts) => afterSignIn(facts, gatewayNow));
}

function recordOf({ name, plan }: AccountWish, sort: number): AccountRecord {
  return {
    id: name,
    label: name,
    hasPlaceholderLabel: false,
    email: null,
    plan,
    upstream: "chatgpt",
    issuer: null,
    userId: name,
    chatgptAccountId: `ws-${name}`,
    workspaceId: null,
    groupName: "",
    sort,
    status: "active",
    note: null,
    tags: [],
    priority: 0,
    mark: "normal",
    maxInflight: null,
    providerId: null,
    createdAt: 0,
    updatedAt: 0,
  };
}
