// What the rest of the program uses of the simulated world.

export type { AuthJson, DemoAccount } from "./account.ts";
export { faults } from "./fault-list.ts";
export type { Fault, FaultTerms } from "./faults.ts";
export type { RecordedRequest } from "./recorder.ts";
export { startWorld, type World, type WorldOptions } from "./world.ts";
export { sampleAccounts } from "./sample-accounts.ts";
export { troubleMaker } from "./trouble.ts";
export { sendTraffic, type TrafficResult } from "./traffic.ts";
