// Turns what was seen of a refusal into a Failure: whose fault, what to do next, and how long to wait.

import type { Failure, UpstreamAnswer } from "../contract/failure.ts";
import { withoutSecrets } from "../kit/redact.ts";
import type { AccountFacts } from "./account.ts";
import { requestFault, type Row, rows, type Verdict } from "./classify-table.ts";
import { restEnd } from "./cooldown.ts";
import type { Observation } from "./observation.ts";

/** So much of an upstream's message is told to people. */
const LONGEST_MESSAGE = 500;

export function classify(seen: Observation): Verdict {
  return rows.find((row) => matches(row, seen))?.verdict ?? requestFault;
}

export interface Judged {
  readonly seen: Observation;
  /** The blamed account's facts, whose earlier refusals lengthen a rest that the upstream did not name. */
  readonly facts: AccountFacts;
  readonly answer?: UpstreamAnswer;
  /** Epoch ms. */
  readonly now: number;
}

export function judge({ seen, facts, answer, now }: Judged): Failure {
  const { code, class: kind, scope, retry, rest } = classify(seen);
  const end = restEnd({ rest, code, seen, facts, now });
  const message = seen.message.trim() === "" ? plainWords(seen) : tellable(seen.message);
  return { code, class: kind, scope, retry, message, ...end, answer };
}

function matches(row: Row, seen: Observation): boolean {
  if (row.phases !== undefined && !row.phases.includes(seen.phase)) return false;
  if (row.statuses !== undefined && !matchesStatus(row.statuses, seen.status)) return false;
  if (row.isHtml !== undefined && row.isHtml !== seen.isHtml) return false;
  if (row.isNameless !== undefined && row.isNameless !== isNameless(seen)) return false;
  if (row.message !== undefined && !row.message.test(seen.message)) return false;
  return row.words === undefined || row.words.includes(seen.code ?? "") || row.words.includes(seen.type ?? "");
}

function isNameless({ code, type }: Observation): boolean {
  return code === null && type === null;
}

/** An empty list stands for "no status at all". */
function matchesStatus(statuses: readonly number[], status: number | null): boolean {
  return status === null ? statuses.length === 0 : statuses.includes(status);
}

/** Some upstreams repeat in their refusal what they were sent. */
function tellable(seen: string): string {
  const message = withoutSecrets(seen);
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}

function plainWords(seen: Observation): string {
  switch (seen.phase) {
    case "connect":
      return "The upstream could not be reached.";
    case "wait":
      return "The upstream did not answer in time.";
    case "stream":
      return "The upstream broke off before it had answered.";
    case "answer":
      return `The upstream answered with status ${seen.status}.`;
  }
}
