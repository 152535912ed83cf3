// A dozen accounts in every state a pool meets, for the demo and for screenshots.

import type { DemoAccount } from "./account.ts";
import { faults } from "./fault-list.ts";
import { FIVE_HOURS, MONTH, WEEK } from "./windows.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Adds them to the world, in the order in which a pool would best use them. */
export function sampleAccounts(world: World): DemoAccount[] {
  return [...healthyAccounts(world), ...limitedAccounts(world), ...brokenAccounts(world)];
}

function healthyAccounts(world: World): DemoAccount[] {
  const anna = world.addAccount({ name: "anna", plan: "plus", percentPerTurn: 1.5 });
  const bert = world.addAccount({
    name: "bert",
    plan: "plus",
    percentPerTurn: 1.5,
    windows: [
      { lengthMinutes: FIVE_HOURS, usedPercent: 42, resetsInMs: 2.2 * HOUR },
      { lengthMinutes: WEEK, usedPercent: 61, resetsInMs: 3.4 * DAY },
    ],
  });
  const clara = world.addAccount({
    name: "clara",
    plan: "pro",
    creditBalance: 42,
    families: [{ name: "bengalfox", title: "Codex-Spark", windows: [{ lengthMinutes: FIVE_HOURS, usedPercent: 64 }] }],
    windows: [
      { lengthMinutes: FIVE_HOURS, usedPercent: 12, resetsInMs: 4.5 * HOUR },
      { lengthMinutes: WEEK, usedPercent: 7, resetsInMs: 6 * DAY },
    ],
  });
  /** The same person as anna, in a second workspace. */
  const studio = world.addAccount({ name: "anna-studio", email: anna.email, userId: anna.userId, plan: "team" });
  /** Its access token lasts only for minutes. */
  const emil = world.addAccount({ name: "emil", plan: "plus", accessTokenLifeMs: 6 * MINUTE });
  const greta = world.addAccount({
    name: "greta",
    plan: "go",
    windows: [{ lengthMinutes: WEEK, usedPercent: 35, resetsInMs: 2 * DAY }],
  });
  return [anna, bert, clara, studio, emil, greta];
}

function limitedAccounts(world: World): DemoAccount[] {
  /** Back in two minutes: watch it return. */
  const dora = world.addAccount({
    name: "dora",
    plan: "team",
    windows: [
      { lengthMinutes: FIVE_HOURS, usedPercent: 100, resetsInMs: 2 * MINUTE },
      { lengthMinutes: WEEK, usedPercent: 48, resetsInMs: 4 * DAY },
    ],
  });
  /** Has a credit that would empty its full week. */
  const hugo = world.addAccount({
    name: "hugo",
    plan: "plus",
    resetCredits: 1,
    windows: [
      { lengthMinutes: FIVE_HOURS, usedPercent: 3, resetsInMs: 4 * HOUR },
      { lengthMinutes: WEEK, usedPercent: 100, resetsInMs: 1.6 * DAY },
    ],
  });
  const fritz = world.addAccount({
    name: "fritz",
    plan: "free",
    percentPerTurn: 2,
    windows: [{ lengthMinutes: MONTH, usedPercent: 93, resetsInMs: 11 * DAY }],
  });
  return [dora, hugo, fritz];
}

function brokenAccounts(world: World): DemoAccount[] {
  /** Trouble now and then, none of it the account's own fault. */
  const lars = world.addAccount({ name: "lars", plan: "plus" });
  lars.fail(faults.overloaded());
  lars.fail(faults.rateLimit({ tryAgainIn: "2s" }));
  lars.fail(faults.resetBeforeHeaders());
  lars.fail(faults.usageLimitInStream());
  /** Somebody else has used its refresh token: only a new sign-in helps. */
  const ida = world.addAccount({ name: "ida", plan: "plus" });
  ida.expireAccessTokens();
  ida.endSession("used");
  const jan = world.addAccount({ name: "jan", plan: "plus" });
  jan.standing = "deactivated";
  const kira = world.addAccount({ name: "kira", plan: "business" });
  kira.standing = "workspace-deactivated";
  const mia = world.addAccount({ name: "mia", plan: "enterprise" });
  mia.fail(faults.cloudflareChallenge(), { times: Infinity });
  return [lars, ida, jan, kira, mia];
}
