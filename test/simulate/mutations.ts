// The branches that keep a pool serving, each with the edit that takes it away. A simulation worth its name notices every
// one of them.

export interface Mutation {
  readonly name: string;
  /** Below `src/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: "the next account is asked after a refusal",
    file: "gateway/attempt.ts",
    from: "      last = result;\n",
    to: "      return result;\n",
  },
  {
    name: "a refused token is renewed",
    file: "gateway/send.ts",
    from: 'if (failure.retry === "refresh") return this.#renew();',
    to: 'if (failure.retry === "refresh") return false;',
  },
  {
    name: "reasoning that cannot be read is taken out",
    file: "gateway/send.ts",
    from: "return !this.#isStripped && this.#strip();",
    to: "return false;",
  },
  {
    name: "trouble of the upstream is tried again",
    file: "gateway/attempt.ts",
    from: 'const isRepeatable = result.retry === "same" || ',
    to: "const isRepeatable = ",
  },
  {
    name: "a dead host is left alone",
    file: "gateway/hosts.ts",
    from: "if (circuit === undefined || circuit.openings === 0) return null;",
    to: "return null;",
  },
  {
    name: "a place is given back when a try fails",
    file: "gateway/attempt.ts",
    from: "      roster.end(candidate);\n",
    to: "",
  },
  { name: "a place is given back at the end", file: "gateway/settle.ts", from: "  roster.end(lease);\n", to: "" },
  {
    name: "an account rests after a refusal",
    file: "gateway/send.ts",
    from: "roster.change(this.#account.id, (facts) => afterFailure(facts, failure, { model: ask.model, now }));",
    to: "",
  },
  {
    name: "a refusal inside an answer counts, too",
    file: "gateway/settle.ts",
    from: "return afterFailure(read, refusal, { model: ask.model, now });",
    to: "return read;",
  },
  {
    name: "a request waits for who is back in a moment",
    file: "gateway/attempt.ts",
    from: "    if (chanceAt === null) return false;\n",
    to: "    return false;\n",
  },
  {
    name: "a conversation waits for its own account",
    file: "gateway/attempt.ts",
    from: "      if (waitMs > 0) {\n",
    to: "      if (waitMs > Number.MAX_VALUE) {\n",
  },
  {
    name: "a conversation stays where it is",
    file: "pool/candidates.ts",
    from: "if (boundAccountId !== null && !isStrict(ask))",
    to: "if (boundAccountId === undefined)",
  },
  {
    name: "what is tied to an account does not leave it",
    file: "gateway/bound.ts",
    from: "  if (parts.previousResponse) {\n",
    to: "  if (parts.previousResponse && parts.files && parts.compaction) {\n",
  },
  {
    name: "an account has a limit",
    file: "pool/standing.ts",
    from: "return most > 0 && inflight >= most;",
    to: "return most < 0 && inflight >= most;",
  },
  {
    name: "one request at a time finds out",
    file: "pool/standing.ts",
    from: "(entry.isProbed || !mayProbe(account, model, now))",
    to: "!mayProbe(account, model, now)",
  },
  {
    name: "a poll lifts no refusal",
    file: "pool/transitions.ts",
    from: "    avoid: announcedBy(reading),\n",
    to: "    avoid: announcedBy(reading),\n    blocks: [],\n",
  },
  {
    name: "a client that leaves takes its request along",
    file: "gateway/send.ts",
    from: "    call.whenGone(() => exchange.abort());\n",
    to: "",
  },
  {
    name: "an account is tried so often and no more",
    file: "gateway/attempt.ts",
    from: "const isLast = tries >= limits.perAccount || this.#isSpent;",
    to: "const isLast = this.#isSpent;",
  },
  {
    name: "a request has a budget",
    file: "gateway/attempt.ts",
    from: "return isBudgetSpent || this.#timeouts >= MOST_TIMEOUTS;",
    to: "return isBudgetSpent && this.#timeouts >= 1e9;",
  },
  {
    name: "a refusal inside a 200 is absorbed",
    file: "gateway/exchange.ts",
    from: 'if (terminal?.kind === "failed" && !hasContent) {',
    to: 'if (terminal?.kind === "failed" && !hasContent && this.#heldSize < 0) {',
  },
  {
    name: "an answer that broke off is not made to look complete",
    file: "gateway/relay.ts",
    from: "if (isEventStream && tap.terminal === null) this.#breakOff(truncated);",
    to: "if (isEventStream && this.#isDone) this.#breakOff(truncated);",
  },
];
