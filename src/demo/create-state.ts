// Puts the parts of a world together, before it listens.

import { systemClock } from "../kit/clock.ts";
import { Credentials } from "./credentials.ts";
import { DeviceSignIn } from "./device-sign-in.ts";
import { FaultQueue } from "./faults.ts";
import { SignIn } from "./sign-in.ts";
import type { AnswerStyle, WorldState } from "./world-state.ts";
import type { WorldOptions } from "./world.ts";

const DEFAULT_STYLE: AnswerStyle = { isFinalOutputEmpty: true, rateLimitsEvent: "after-created", paceMs: 0 };

export function createState(options: WorldOptions): WorldState {
  const clock = options.clock ?? systemClock;
  const credentials = new Credentials({ revokesFamilyOnReuse: options.revokesFamilyOnReuse ?? false });
  const signIn = new SignIn(credentials, () => clock.now());
  let serial = 0;
  const state: WorldState = {
    clock,
    accounts: [],
    apiKeys: new Map(),
    credentials,
    signIn,
    deviceSignIn: new DeviceSignIn(signIn, () => state.origin),
    hostFaults: new FaultQueue(),
    style: { ...DEFAULT_STYLE, ...options.style },
    strictness: {
      extraParameters: new Set(options.allow?.parameters),
      extraItemTypes: new Set(options.allow?.itemTypes),
      extraModels: new Set(options.allow?.models),
      takesForeignCompaction: options.allow?.foreignCompaction ?? false,
    },
    origin: "",
    nextSerial: () => ++serial,
  };
  return state;
}
