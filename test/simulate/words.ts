// A run in readable lines: what was done to it and what came of it.

import type { Deed, Step } from "./step.ts";

export function inWords({ at, deed }: Step): string {
  return `${clockTime(at)}  ${deedInWords(deed)}`;
}

/** Milliseconds since the run began as `  75.250 s`. */
export function clockTime(ms: number): string {
  return `${(ms / 1000).toFixed(3).padStart(9)} s`;
}

function deedInWords(deed: Deed): string {
  switch (deed.kind) {
    case "add": {
      const { name, plan, used, resetsInMs, tokenLifeMs } = deed.account;
      const windows = used.map((percent, place) => `${percent} % used, resets in ${seconds(resetsInMs[place] ?? 0)}`);
      return `the user adds ${name} (${plan}; ${windows.join("; ")}; tokens live ${seconds(tokenLifeMs)})`;
    }
    case "turn": {
      const { turn } = deed;
      const traits = [
        turn.isNative ? "native" : "foreign",
        turn.wantsStream ? "stream" : "object",
        turn.model,
        turn.baggage === "nothing" ? "" : `brings ${turn.baggage}`,
        turn.parent === null ? "" : `child of ${turn.parent}`,
        turn.isTooLong ? "too long" : "",
        turn.leavesAfterMs === null ? "" : `leaves after ${seconds(turn.leavesAfterMs)}`,
        turn.readsSlowly ? "reads slowly" : "",
        `costs ${turn.cost} %`,
      ];
      return `a turn of conversation ${turn.conversation}: ${traits.filter((trait) => trait !== "").join(", ")}`;
    }
    case "reorder":
      return `the user puts ${deed.name} at place ${deed.sort}`;
    case "setting":
      return `the user sets ${deed.key} to ${JSON.stringify(deed.value)}`;
    case "trouble": {
      const { what, name, lastsMs, times } = deed.trouble;
      const often = times === Number.POSITIVE_INFINITY || times > 1e6 ? "" : `, ${times} times at most`;
      return `trouble: ${what} of ${name ?? "everybody"} for ${seconds(lastsMs)}${often}`;
    }
    case "jump":
      return `the clock jumps by ${seconds(deed.ms)}`;
    case "restart":
      return `the program ${deed.isCrash ? "crashes" : "stops"} and starts again after ${seconds(deed.downMs)}`;
    case "reset":
      return `the upstream resets the quota of ${deed.name} early`;
    default:
      return `the user does: ${deed.kind} ${deed.name}`;
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
