// What goes wrong in a week whatever the rule: short spells of 429, accounts that lose their login, accounts whose answers
// fail, and hours in which the upstream is overloaded for everybody.

import { between, exponential, seeded } from "./random.ts";
import { DAY, HOUR, MINUTE, SECOND, weekEndsAt, weekStartsAt } from "./time.ts";

export type TroubleKind = "rate_limit" | "sign_in" | "failing" | "overload";

export interface Spell {
  readonly kind: TroubleKind;
  readonly from: number;
  readonly until: number;
  /** So many of the requests are concerned. */
  readonly share: number;
}

interface Habit {
  readonly kind: TroubleKind;
  /** Between two spells. */
  readonly mean: number;
  readonly length: readonly [number, number];
  readonly share: number;
}

const OF_AN_ACCOUNT: readonly Habit[] = [
  { kind: "rate_limit", mean: DAY, length: [20 * SECOND, 90 * SECOND], share: 1 },
  { kind: "failing", mean: 3.5 * DAY, length: [10 * MINUTE, 30 * MINUTE], share: 0.7 },
  { kind: "sign_in", mean: 28 * DAY, length: [2 * HOUR, 16 * HOUR], share: 1 },
];
const OF_ALL: Habit = { kind: "overload", mean: 14 * HOUR, length: [MINUTE, 5 * MINUTE], share: 0.3 };

export class Trouble {
  readonly #ofAccounts: readonly (readonly Spell[])[];
  readonly #ofAll: readonly Spell[];

  constructor(ofAccounts: readonly (readonly Spell[])[], ofAll: readonly Spell[]) {
    this.#ofAccounts = ofAccounts;
    this.#ofAll = ofAll;
  }

  /** What befalls a request at this moment, if it is one of the concerned. */
  at(account: number, now: number, draw: number): Spell | null {
    for (const spell of this.#ofAccounts[account] ?? []) if (befalls(spell, now, draw)) return spell;
    for (const spell of this.#ofAll) if (befalls(spell, now, draw)) return spell;
    return null;
  }

  /** When which account has its login back. */
  get signIns(): readonly { readonly account: number; readonly at: number }[] {
    return this.#ofAccounts.flatMap((spells, account) =>
      spells.filter(({ kind }) => kind === "sign_in").map(({ until }) => ({ account, at: until })),
    );
  }
}

export function makeTrouble(seed: number, accounts: number): Trouble {
  const random = seeded(seed);
  const spellsOf = ({ kind, mean, length: [least, most], share }: Habit): Spell[] => {
    const spells: Spell[] = [];
    let from = weekStartsAt + exponential(random, mean);
    while (from < weekEndsAt) {
      const until = from + between(random, least, most);
      spells.push({ kind, from, until, share });
      from = until + exponential(random, mean);
    }
    return spells;
  };
  const ofAccounts = Array.from({ length: accounts }, () => OF_AN_ACCOUNT.flatMap(spellsOf));
  return new Trouble(ofAccounts, spellsOf(OF_ALL));
}

function befalls({ from, until, share }: Spell, now: number, draw: number): boolean {
  return now >= from && now < until && draw < share;
}
