// What the rest of the program uses of the simulated world.

export type { AccountOptions, AuthJson, DemoAccount } from "./account.ts";
export { faults } from "./fault-list.ts";
export type { Fault, FaultTarget, FaultTerms } from "./faults.ts";
export type { RecordedRequest } from "./recorder.ts";
export { startWorld, type World, type WorldOptions } from "./world.ts";
export { sampleAccounts } from "./sample-accounts.ts";
export { sendTraffic, type TrafficOptions, type TrafficResult } from "./traffic.ts";
