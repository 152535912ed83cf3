// What a test or the demo can do to a running world: add accounts, choose who signs in, let things fail.

import { type AccountOptions, DemoAccount } from "./account.ts";
import { hold } from "./hold.ts";
import type { WorldState } from "./world-state.ts";
import type { World } from "./world.ts";

export function accountControls(
  state: WorldState,
): Pick<World, "addAccount" | "addApiKey" | "signInAs" | "approveDevice" | "setDeviceSignIn"> {
  const world = { credentials: state.credentials, now: () => state.clock.now() };
  const create = (prefix: string, options: AccountOptions): DemoAccount => {
    const name = options.name ?? `${prefix}-${state.accounts.length + state.apiKeys.size + 1}`;
    return new DemoAccount({ ...options, name }, world);
  };
  return {
    addAccount: (options = {}) => {
      const account = create("account", options);
      state.accounts.push(account);
      if (!state.signIn.chosen) state.signIn.choose(account);
      return account;
    },
    addApiKey: (options = {}) => {
      const account = create("key", { ...options, plan: "api" });
      const apiKey = `sk-proj-demo-${account.name}`;
      state.apiKeys.set(apiKey, account);
      return Object.assign(account, { apiKey });
    },
    signInAs: (account) => state.signIn.choose(account),
    approveDevice: (userCode, account) => state.deviceSignIn.approve(userCode, account),
    setDeviceSignIn: (isEnabled) => {
      state.deviceSignIn.isEnabled = isEnabled;
    },
  };
}

export function faultControls(state: WorldState): Pick<World, "fail" | "clearFaults" | "hold"> {
  return {
    fail: (fault, terms) => state.hostFaults.add(fault, terms),
    clearFaults: (target) => state.hostFaults.clear(target),
    hold: (target = "turn") => {
      const held = hold();
      state.hostFaults.add(held.fault, { on: target });
      return held;
    },
  };
}
