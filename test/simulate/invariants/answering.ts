// What must hold for what a client was sent, once its connection is over.

import type { Turn } from "../record.ts";
import type { Scene } from "../scene.ts";
import { pieceMark } from "../sse.ts";

type Rule = (scene: Scene, turn: Turn) => string | null;

/** A whole event: one that is cut off counts for nothing with any client. */
const TERMINAL = /event: response\.(completed|incomplete|failed)\ndata: .*\n\n/g;

const whatLooksCompleteIsComplete: Rule = (_scene, turn) => {
  if (!looksComplete(turn)) return null;
  const served = turn.attempts.find(({ isCompleted, hasContent }) => isCompleted && hasContent);
  if (served === undefined) return `turn ${turn.id} looks complete, and no upstream has completed it`;
  const text = turn.response.text;
  const missing = Array.from({ length: turn.wish.pieces }, (_, place) => pieceMark(served.id, place)).find(
    (mark) => !text.includes(mark),
  );
  return missing === undefined ? null : `turn ${turn.id} looks complete without ${missing}`;
};

const nothingReachesTheClientTwice: Rule = (_scene, turn) => {
  const { text } = turn.response;
  const deltas = [...text.matchAll(/"delta":"<(\d+)\.(\d+)>"/g)];
  const odd = deltas.find(([, attempt, place], index) => attempt !== deltas[0]?.[1] || Number(place) !== index);
  if (odd !== undefined) return `turn ${turn.id} was sent ${odd[0]} out of turn`;
  const ends = [...text.matchAll(TERMINAL)];
  return ends.length > 1 ? `turn ${turn.id} was told ${ends.length} ends` : null;
};

const nothingFollowsTheEnd: Rule = (_scene, turn) => {
  const { text } = turn.response;
  const end = [...text.matchAll(TERMINAL)].at(-1);
  if (end === undefined) return null;
  const rest = text.slice(text.indexOf("\n\n", end.index) + 2);
  return /^(:.*\n\n)*$/.test(rest) ? null : `turn ${turn.id} was sent more after its end: ${rest.slice(0, 60)}`;
};

const nobodyIsLeftWithoutAnEnd: Rule = (_scene, turn) => {
  const { response, leftAt, id } = turn;
  if (leftAt !== null || !response.isWhole || !isStream(turn) || response.statusCode !== 200) return null;
  return response.text.match(TERMINAL) ? null : `turn ${id} ended well without an end`;
};

/** Never a 401, which would make Codex renew its own login, and never the gateway's own mistake. */
const noClientIsToldOfTheGatewaysTroubles: Rule = (_scene, { id, response }) =>
  response.headersSent && [401, 403, 404, 405, 500].includes(response.statusCode)
    ? `turn ${id} was answered ${response.statusCode}: ${response.text.slice(0, 120)}`
    : null;

export const whenAnswered: readonly Rule[] = [
  whatLooksCompleteIsComplete,
  nothingReachesTheClientTwice,
  nothingFollowsTheEnd,
  nobodyIsLeftWithoutAnEnd,
  noClientIsToldOfTheGatewaysTroubles,
];

export function looksComplete(turn: Turn): boolean {
  const { response } = turn;
  if (response.statusCode !== 200) return false;
  if (isStream(turn)) return /event: response\.completed\ndata: .*\n\n/.test(response.text);
  return response.isWhole && response.text.includes('"status":"completed"');
}

function isStream({ response }: Turn): boolean {
  return String(response.answerHeaders["content-type"]).includes("event-stream");
}
