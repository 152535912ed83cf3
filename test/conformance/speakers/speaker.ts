// What the suite asks of every format about requests: to write them, and to read them.

import type { Json } from "../clients/client.ts";
import type { Question, Saying } from "../question.ts";

export interface Written {
  readonly path: string;
  readonly query: string;
  readonly body: object;
}

export interface Speaker {
  readonly name: string;
  write(question: Question): Written;
  /** The request after an answer with one call: the answer as it came, and what the tool gave. */
  goOn(reply: Json, gave: string): Written;
  /** A line for everything that a request says. */
  read(body: Json): string[];
  /** Pictures of tools are shown by the user, behind what the tools gave. */
  readonly showsBehind?: boolean;
  /** What the format has no words for, and why. */
  cannotAsk?(question: Question): string | null;
}

/** How conversations begin that are gone on with. */
export const BEGINNING: Question = { said: [{ who: "user", text: "hi" }], hasTool: true };

/** Sayings of one side that follow one another, for formats in which sides take turns. */
export function turnsOf<T extends string>(
  said: readonly Saying[],
  side: (saying: Saying) => T,
): { who: T; said: Saying[] }[] {
  const turns: { who: T; said: Saying[] }[] = [];
  for (const saying of said) {
    const who = side(saying);
    const last = turns.at(-1);
    if (last?.who === who) last.said.push(saying);
    else turns.push({ who, said: [saying] });
  }
  return turns;
}

export function systemOf({ said }: Question): string {
  return said.flatMap((saying) => (saying.who === "system" ? [saying.text] : [])).join("\n");
}
