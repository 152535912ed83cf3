// The OpenAI API for keys: /v1/responses, streamed or not, and /v1/models. More lenient than the ChatGPT backend.

import { admit, type Authorizer } from "./admit.ts";
import { apiError } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { MODELS } from "./models.ts";
import type { Piece } from "./stream/fault.ts";
import { refuse } from "./strictness/refuse.ts";
import { serveTurn, turnEvents } from "./turn.ts";
import type { WorldState } from "./world-state.ts";

const byKey: Authorizer = (exchange, state) => {
  const key = /^Bearer (\S+)$/i.exec(exchange.header("authorization") ?? "")?.[1] ?? "";
  const account = state.apiKeys.get(key);
  if (account) return { ok: true, account };
  const message = key
    ? `Incorrect API key provided: ${key.slice(0, 8)}***. You can find your API key at https://platform.openai.com/account/api-keys.`
    : "You didn't provide an API key.";
  return { ok: false, account: null, answer: apiError(401, { message, code: "invalid_api_key" }) };
};

export async function answerApiTurn(exchange: Exchange, state: WorldState): Promise<void> {
  if (exchange.account) exchange.account.counts.turns += 1;
  const admitted = await admit(exchange, state, "turn", byKey);
  if (!admitted) return;
  const { account } = admitted;
  const body = exchange.json ?? {};
  const refusal = refuse(exchange, { account, strictness: state.strictness, operation: "api" });
  if (refusal) return exchange.send(refusal);
  if (typeof body["previous_response_id"] === "string") {
    const message = `Previous response with id '${body["previous_response_id"]}' not found.`;
    const code = "previous_response_not_found";
    return exchange.send(apiError(400, { message, param: "previous_response_id", code }));
  }
  const headers = { "openai-model": String(body["model"]), "x-request-id": exchange.requestId, ...RATE_HEADERS };
  const apiState = {
    ...state,
    style: { ...state.style, isFinalOutputEmpty: false, rateLimitsEvent: "never" as const },
  };
  if (body["stream"] === true) return serveTurn(exchange, apiState, admitted, headers);
  const last = lastResponse(turnEvents(exchange, apiState, account));
  account.counts.served += 1;
  exchange.send({ status: 200, headers, body: last });
}

export async function answerApiModels(exchange: Exchange, state: WorldState): Promise<void> {
  const admitted = await admit(exchange, state, "models", byKey);
  if (!admitted) return;
  const rows = MODELS.filter((model) => model.isListed).map((model) => ({
    id: model.slug,
    object: "model",
    created: 1_780_000_000,
    owned_by: "openai",
  }));
  exchange.send({ status: 200, body: { object: "list", data: rows } });
}

const RATE_HEADERS = {
  "x-ratelimit-limit-requests": "10000",
  "x-ratelimit-remaining-requests": "9999",
  "x-ratelimit-reset-requests": "6ms",
};

function lastResponse(events: Iterable<Piece>): object {
  let last: object = {};
  for (const event of events) {
    if (typeof event !== "string" && typeof event["response"] === "object") last = event["response"] as object;
  }
  return last;
}
