// The requests of a run on their way: what clients send, what the gateway makes of it upstream, and what comes back. Writes
// everything down and has the invariants judge it.

import type { RequestRow } from "../../src/contract/request-row.ts";
import { answerTo, type Script } from "./answer.ts";
import { asNode, FakeRequest, FakeResponse } from "./connection.ts";
import { conversationHash, turnBody, turnHeaders, turnInBody, turnInTier } from "./conversation.ts";
import { looksComplete, whenAnswered } from "./invariants/answering.ts";
import { whenAsking } from "./invariants/asking.ts";
import { whenSettling } from "./invariants/settling.ts";
import type { Attempt, Turn } from "./record.ts";
import type { Scene } from "./scene.ts";
import type { TurnWish } from "./step.ts";
import { nameInToken } from "./upstream-account.ts";

/** A client sends a turn; null when there is nobody to send it to. */
export function sendTurn(scene: Scene, wish: TurnWish): Turn | null {
  const { life } = scene;
  if (life === null) return null;
  const id = scene.turns.length;
  const brings = scene.conversations.baggage(wish);
  const options = {
    url: "/v1/responses",
    headers: turnHeaders(wish),
    readsSlowly: wish.readsSlowly,
    later: (act: () => void) => void scene.clock.timer(300, act),
    fault: (what: string) => scene.fail("nothingReachesAClientThatIsGoneOrDone", `the client of turn ${id} ${what}`),
    ended: () => answered(scene, turn),
  };
  const request = new FakeRequest(options);
  const response = new FakeResponse(options);
  const turn: Turn = {
    id,
    wish,
    arrivedAt: scene.now,
    life: life.number,
    conversation: conversationHash(wish.conversation),
    response,
    brings,
    boundTo: null,
    isParents: false,
    boundBackAt: null,
    manual: null,
    isStrict: false,
    limits: scene.limits,
    isPlanned: false,
    attempts: [],
    row: null,
    rows: 0,
    leftAt: null,
    isEnded: false,
  };
  scene.turns.push(turn);
  scene.openTurns.add(turn);
  life.gateway.handle(...asNode(request, response));
  scene.clock.timer(wish.uploadMs, () => {
    if (!isRunning(scene, turn)) return;
    plan(scene, turn);
    request.arrive(turnBody(id, wish, brings));
  });
  if (wish.leavesAfterMs !== null) {
    scene.clock.timer(wish.leavesAfterMs, () => {
      if (!isRunning(scene, turn)) return;
      turn.leftAt = scene.now;
      scene.say(() => `the client of turn ${id} leaves`);
      request.breakOff();
      response.leave();
    });
  }
  return turn;
}

function isRunning(scene: Scene, turn: Turn): boolean {
  return !turn.isEnded && scene.life?.number === turn.life;
}

/** What the gateway goes by from here on. */
function plan(scene: Scene, turn: Turn): void {
  const { wish } = turn;
  const parent = wish.parent === null ? null : scene.store.boundTo(conversationHash(wish.parent));
  const own = scene.store.boundTo(turn.conversation);
  turn.boundTo = own ?? parent;
  turn.isParents = own === null;
  const account = scene.find(turn.boundTo ?? "");
  turn.boundBackAt = account === undefined ? null : (scene.whyNot(account, wish.model)?.until ?? null);
  turn.manual = scene.settings.current.routing.manualAccountId;
  turn.isStrict = scene.settings.current.routing.isManualStrict;
  turn.limits = scene.limits;
  turn.isPlanned = true;
  scene.inHand.add(turn);
}

/** So long the gateway holds back an answer that says nothing; then it takes it. */
const HOLD_MS = 10_000;

const nothingYet = {
  meaning: null,
  resetsAt: null,
  isStarted: false,
  hasHead: false,
  firstBytesAt: null,
  hasContent: false,
  sentPieces: 0,
  isCompleted: false,
  endedAt: null,
  isAborted: false,
};

/** The gateway asks an upstream. */
export function asked(scene: Scene, token: string, body: string): Attempt {
  const turn = scene.turns[turnInBody(body) ?? -1] ?? null;
  const account = scene.find(nameInToken(token));
  const hasWaited = scene.world.hasJustSpoken(nameInToken(token), scene.now);
  const isProbe = turn !== null && account !== undefined && scene.whyNot(account, turn.wish.model) !== null;
  const attempt: Attempt = {
    id: scene.attempts.length,
    turn,
    account: nameInToken(token),
    token,
    life: scene.lives,
    at: scene.now,
    gatewayAt: scene.gatewayNow,
    isProbe,
    hasWaited,
    ...nothingYet,
  };
  scene.attempts.push(attempt);
  scene.openAttempts.add(attempt);
  if (turn !== null) {
    turn.attempts.push(attempt);
    scene.say(() => `try ${attempt.id}: turn ${turn.id} is sent to ${attempt.account}`);
    scene.check(whenAsking, attempt, turn);
  }
  return attempt;
}

/** The request has arrived upstream. */
export function answerFor(scene: Scene, attempt: Attempt, body: string): Script {
  const wish = attempt.turn?.wish ?? { pieces: 1, cost: 0, isTooLong: false };
  const script = answerTo({ attempt, world: scene.world, now: scene.now, body, wish, dice: scene.seed });
  const { meaning } = script;
  const isHostTrouble = meaning.kind === "silence" || (meaning.kind === "trouble" && meaning.code === "host");
  if (isHostTrouble || (meaning.kind === "account" && meaning.code === "challenge"))
    scene.world.hostTroubledAt = scene.now;
  scene.say(
    () =>
      `try ${attempt.id}: ${attempt.account} answers: ${"code" in meaning ? `${meaning.kind} ${meaning.code}` : meaning.kind}`,
  );
  return script;
}

/** A head or the first word of an answer has come; by which of them the gateway takes it depends. */
export function heard(scene: Scene, { turn, hasContent, firstBytesAt }: Attempt): void {
  if (turn === null) return;
  if (!scene.settings.current.gateway.holdsFirstEvents) return scene.host.heard(!hasContent);
  scene.host.heard(hasContent && scene.now - (firstBytesAt ?? 0) < HOLD_MS);
}

/** What a try that came to nothing says of its host. */
function noteHost(scene: Scene, attempt: Attempt): void {
  const { meaning, hasHead, turn } = attempt;
  const hasLeft = turn?.leftAt !== null;
  if (!hasHead) return scene.host.failed(attempt, { now: scene.now, isSure: !hasLeft && !mayBeOverdue(scene) });
  const isCutShort = meaning?.kind === "served" || meaning?.kind === "half_served" || isTruncated(meaning);
  scene.host.heard(!isCutShort && !hasLeft);
  // The gateway may have taken it for no answer at all.
  if (isCutShort) scene.host.mostFailures += 1;
}

function isTruncated(meaning: Attempt["meaning"]): boolean {
  return meaning?.kind === "trouble" && meaning.code === "truncated";
}

/** The connection of a try is over. */
export function attemptEnded(scene: Scene, attempt: Attempt): void {
  const { turn } = attempt;
  scene.openAttempts.delete(attempt);
  if (turn === null) return;
  if (!attempt.hasContent) noteHost(scene, attempt);
  if (attempt.meaning?.kind === "account" && attempt.meaning.code === "quota") hearQuota(scene, attempt);
  if (countsAsSuccess(attempt)) {
    const known = scene.servedSince.get(attempt.account) ?? 0;
    scene.servedSince.set(attempt.account, Math.max(known, attempt.gatewayAt));
    if ((scene.told.get(attempt.account)?.heardAt ?? scene.now) < attempt.at) scene.told.delete(attempt.account);
  }
  if (attempt.isAborted) scene.say(() => `try ${attempt.id}: broken off by the gateway`);
}

function mayBeOverdue({ settings }: Scene): boolean {
  return settings.current.gateway.totalTimeoutMs > 0;
}

/** An answer that had begun and did not end in a refusal, however else it ended. */
function countsAsSuccess({ hasHead, meaning, resetsAt }: Attempt): boolean {
  if (!hasHead || meaning === null) return false;
  return meaning.kind === "served" || isTruncated(meaning) || (meaning.kind === "half_served" && resetsAt === null);
}

/** From now on the gateway knows that the account is used up, provided that it still listened. */
function hearQuota(scene: Scene, { account, resetsAt, isAborted, turn, gatewayAt }: Attempt): void {
  if (resetsAt === null || isAborted || turn === null || turn.leftAt !== null) return;
  scene.told.set(account, { until: resetsAt, heardAt: scene.now, gatewayAt });
}

/** The gateway writes down how a request ended. */
export function recorded(scene: Scene, row: RequestRow): void {
  const turn = scene.turns[turnInTier(row.serviceTier) ?? -1];
  if (turn === undefined) return;
  turn.row = row;
  turn.rows += 1;
  scene.inHand.delete(turn);
  scene.say(() => `turn ${turn.id} is settled: ${row.statusCode} ${row.errorCode ?? "ok"} ${row.accountId ?? ""}`);
  for (const attempt of turn.attempts) {
    if (attempt.meaning?.kind === "half_served") hearQuota(scene, attempt);
  }
  scene.check(whenSettling, turn, row);
}

/** The client's connection is over. */
function answered(scene: Scene, turn: Turn): void {
  if (turn.isEnded) return;
  turn.isEnded = true;
  scene.openTurns.delete(turn);
  scene.say(() => `turn ${turn.id} is answered: ${turn.response.headersSent ? turn.response.statusCode : "nothing"}`);
  if (turn.leftAt !== null) return;
  scene.check(whenAnswered, turn);
  if (looksComplete(turn)) scene.conversations.keep(turn.wish.conversation, turn.response.text);
}
