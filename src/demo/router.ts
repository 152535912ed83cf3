// Which host and which call a request is for; who sent it; and the record of it.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { DemoAccount } from "./account.ts";
import { detail } from "./answer.ts";
import { answerApiModels, answerApiTurn } from "./api-host.ts";
import { answerCompact } from "./compact.ts";
import { Exchange } from "./exchange.ts";
import { answerRevoke, answerToken, tokenFields } from "./issuer.ts";
import { answerModels } from "./models.ts";
import type { Recorder } from "./recorder.ts";
import { answerConsume } from "./reset-credits.ts";
import { answerTurn } from "./turn.ts";
import { answerAccountsCheck, answerUsage } from "./usage.ts";
import type { Handler, WorldState } from "./world-state.ts";

/** Everything else is 404, which Codex takes in good part for settings, plugins and analytics. */
const ROUTES: Readonly<Record<string, Handler>> = {
  "POST /backend-api/codex/responses": answerTurn,
  "POST /backend-api/codex/responses/compact": answerCompact,
  "GET /backend-api/codex/models": answerModels,
  "GET /backend-api/wham/usage": answerUsage,
  "POST /backend-api/wham/rate-limit-reset-credits/consume": answerConsume,
  "GET /backend-api/wham/accounts/check": answerAccountsCheck,
  "POST /v1/responses": answerApiTurn,
  "GET /v1/models": answerApiModels,
  "GET /oauth/authorize": (exchange, state) => state.signIn.authorize(exchange),
  "POST /oauth/token": answerToken,
  "POST /oauth/revoke": answerRevoke,
  "POST /api/accounts/deviceauth/usercode": (exchange, state) => state.deviceSignIn.begin(exchange),
  "POST /api/accounts/deviceauth/token": (exchange, state) => state.deviceSignIn.poll(exchange),
};

export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  world: { state: WorldState; recorder: Recorder },
): Promise<void> {
  const { state, recorder } = world;
  const exchange = new Exchange(request, response, { serial: state.nextSerial(), now: () => state.clock.now() });
  response.on("error", () => undefined);
  const isWhole = await exchange.receive();
  exchange.account = accountOf(exchange, state);
  recorder.add(exchange);
  if (!isWhole) return;
  if (exchange.header("upgrade") === "websocket") return exchange.send(detail(426, "Upgrade Required"));
  const handler = ROUTES[`${exchange.method} ${exchange.path}`];
  if (handler) await handler(exchange, state);
  else exchange.send(detail(404, "Not Found"));
}

function accountOf(exchange: Exchange, state: WorldState): DemoAccount | null {
  const bearer = /^Bearer (\S+)$/i.exec(exchange.header("authorization") ?? "")?.[1];
  if (bearer) return state.credentials.access(bearer)?.account ?? state.apiKeys.get(bearer) ?? null;
  if (exchange.path !== "/oauth/token") return null;
  return state.credentials.ownerOfRefreshToken(tokenFields(exchange)["refresh_token"] ?? "") ?? null;
}
