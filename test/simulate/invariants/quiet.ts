// What must hold after every step, and when everything has come to rest.

import type { Scene } from "../scene.ts";

type Rule = (scene: Scene) => string | null;

const leasesBelongToRequests: Rule = ({ life, inHand }) => {
  if (life === null) return null;
  const { leases } = life;
  return leases < 0 || leases > inHand.size ? `${leases} leases for ${inHand.size} requests in hand` : null;
};

/** At the latest when it reaches the upstream. */
const anAttemptEndsWithItsClient: Rule = ({ openAttempts }) => {
  for (const { turn, id, isStarted } of openAttempts) {
    if (turn !== null && turn.leftAt !== null && isStarted)
      return `try ${id} goes on, although the client of turn ${turn.id} has left`;
  }
  return null;
};

export const always: readonly Rule[] = [leasesBelongToRequests, anAttemptEndsWithItsClient];

const everyRequestHasEnded: Rule = ({ openTurns }) => {
  const [open] = openTurns;
  return open === undefined ? null : `turn ${open.id} never ends`;
};

const everyRequestIsSettled: Rule = ({ turns, life }) => {
  const lost = turns.find(({ rows, life: number, isPlanned }) => rows === 0 && isPlanned && number === life?.number);
  return lost === undefined ? null : `turn ${lost.id} was never settled`;
};

const noLeaseIsLeft: Rule = ({ life }) =>
  life !== null && life.leases !== 0 ? `${life.leases} leases are left` : null;

const noTryIsLeft: Rule = ({ openAttempts }) => {
  for (const { turn, id } of openAttempts) if (turn !== null) return `try ${id} of turn ${turn.id} is still open`;
  return null;
};

export const atRest: readonly Rule[] = [everyRequestHasEnded, everyRequestIsSettled, noLeaseIsLeft, noTryIsLeft];
