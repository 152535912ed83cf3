// What stands before every answer: faults of the host, the credential, faults of the account.

import type { DemoAccount } from "./account.ts";
import { type Authorization, authorize } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import type { Fault, FaultTarget } from "./faults.ts";
import type { StreamFault } from "./stream/fault.ts";
import { wait } from "./stream/send.ts";
import type { WorldState } from "./world-state.ts";

export interface Admitted {
  readonly account: DemoAccount;
  readonly fault: StreamFault | null;
}

export type Authorizer = (exchange: Exchange, state: WorldState) => Authorization;

const byLogin: Authorizer = (exchange, state) => authorize(exchange, state.credentials, state.clock.now());

/** Null when the exchange is already answered, broken or left hanging. */
export async function admit(
  exchange: Exchange,
  state: WorldState,
  target: FaultTarget,
  authorizer: Authorizer = byLogin,
): Promise<Admitted | null> {
  const hostFault = await meet(exchange, state, state.hostFaults.take(target));
  if (hostFault === "over") return null;
  const asked = authorizer(exchange, state);
  if (!asked.ok) {
    exchange.send(asked.answer);
    return null;
  }
  const fault = await meet(exchange, state, asked.account.faults.take(target));
  if (fault === "over") return null;
  return { account: asked.account, fault: fault ?? hostFault };
}

/** Lets a fault happen. What remains of it is a spoilt stream, or nothing. */
export async function meet(
  exchange: Exchange,
  state: WorldState,
  fault: Fault | null,
): Promise<StreamFault | "over" | null> {
  if (!fault) return null;
  exchange.fault = fault.name;
  switch (fault.kind) {
    case "answer":
      exchange.send(fault.build({ account: exchange.account, now: state.clock.now() }));
      return "over";
    case "reset":
    case "lost-answer":
      exchange.reset();
      return "over";
    case "stall":
      return "over";
    case "wait":
      await wait(state.clock, fault.ms);
      return exchange.response.destroyed ? "over" : null;
    case "hold":
      fault.arrive();
      await fault.released;
      return exchange.response.destroyed ? "over" : null;
    case "stream":
      return fault;
  }
}
