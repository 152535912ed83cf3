// What must hold whenever the pool's knowledge of an account changes.

import type { AccountFacts } from "../../../src/pool/account.ts";
import type { Scene } from "../scene.ts";

type Rule = (scene: Scene, id: string, before: AccountFacts | undefined, after: AccountFacts) => string | null;

/** So a poll, whatever it says, never lifts a newer refusal. */
const aBlockEndsEarlyOnlyByALaterSuccess: Rule = (scene, id, before, after) => {
  const now = scene.gatewayNow;
  const servedSince = scene.servedSince.get(id) ?? Number.NEGATIVE_INFINITY;
  const lifted = before?.blocks.find(
    (block) =>
      block.until > now &&
      block.since >= servedSince &&
      !after.blocks.some(
        (other) => other.code === block.code && other.model === block.model && other.until >= block.until,
      ),
  );
  const hasJustSignedIn = scene.signedInAt.get(id) === now;
  if (lifted === undefined || hasJustSignedIn) return null;
  return `the block of ${id} (${lifted.code}) is lifted ${lifted.until - now} ms early, and ${id} has not served since`;
};

const aLoginIsGivenUpOnlyOnAFinalWord: Rule = (scene, id, before, after) => {
  if (after.login.state !== "sign_in" || before?.login.state === "sign_in") return null;
  const truth = scene.world.accounts.get(id);
  if (truth === undefined || truth.isLoginDead) return null;
  return `${id} is told to sign in again, although its login could be renewed`;
};

const noReadingIsReplacedByAnOlderOne: Rule = (_scene, id, before, after) =>
  (before?.reading?.at ?? 0) > (after.reading?.at ?? 0)
    ? `an older reading of ${id} takes the place of a newer one`
    : null;

export const whenLearning: readonly Rule[] = [
  aBlockEndsEarlyOnlyByALaterSuccess,
  aLoginIsGivenUpOnlyOnAFinalWord,
  noReadingIsReplacedByAnOlderOne,
];
