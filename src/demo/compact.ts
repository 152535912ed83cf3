// POST /backend-api/codex/responses/compact: the older, unary way to compact a conversation.

import { admit } from "./admit.ts";
import { seal } from "./ciphertext.ts";
import type { Exchange } from "./exchange.ts";
import { limitHeaders, usageLimitAnswer } from "./limits.ts";
import { inputItems } from "./stream/request.ts";
import { refuse } from "./strictness/refuse.ts";
import type { WorldState } from "./world-state.ts";

/** Keeps the user's own messages and seals the rest. */
export async function answerCompact(exchange: Exchange, state: WorldState): Promise<void> {
  const admitted = await admit(exchange, state, "compact");
  if (!admitted) return;
  const { account } = admitted;
  const now = state.clock.now();
  const refusal = refuse(exchange, { account, strictness: state.strictness, operation: "compact" });
  if (refusal) return exchange.send(refusal);
  if (account.exhaustedUntil() !== null) return exchange.send(usageLimitAnswer(account, now));
  account.spendTurn();
  const { serial } = exchange;
  const encrypted_content = seal({ owner: account.accountId, kind: "compaction", serial });
  const kept = inputItems(exchange.json ?? {}).filter((item) => item["role"] === "user");
  exchange.send({
    status: 200,
    headers: limitHeaders(account, now),
    body: {
      id: `resp_demo${serial}`,
      object: "response.compaction",
      created_at: Math.floor(now / 1000),
      output: [...kept, { id: `cmp_demo${serial}`, type: "compaction", encrypted_content }],
      usage: usage(exchange.body.length, encrypted_content.length),
    },
  });
}

function usage(inputBytes: number, outputBytes: number): object {
  const [input_tokens, output_tokens] = [Math.ceil(inputBytes / 4), Math.ceil(outputBytes / 4)];
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input_tokens + output_tokens,
  };
}
