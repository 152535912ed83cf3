// All rules that are compared, in the order of the table.

import { strategies, type StrategyName } from "../../../src/pool/strategy/index.ts";
import type { RuleEntry } from "../rule.ts";
import { fillFirst, roundRobin, weighted } from "./cliproxyapi.ts";
import { codexLb } from "./codex-lb.ts";
import { codexManager } from "./codex-manager.ts";
import { litellm } from "./litellm.ts";
import { opencodex } from "./opencodex.ts";
import { Ours } from "./ours.ts";
import { plainFillFirst, plainRoundRobin } from "./plain.ts";
import { sub2api } from "./sub2api.ts";

const ours = (Object.keys(strategies) as StrategyName[]).map((strategy): RuleEntry => ({
  name: `codexmanager ${strategy}`,
  source: null,
  make: (members) => new Ours(members, strategy),
}));

const LB = "Soju06/codex-lb@d4b00fd05";
const CPA = "router-for-me/CLIProxyAPI@a7e3596b7";
const CODEX_MANAGER = "qxcnm/Codex-Manager@38be77dc";

const lbStrategies = ["capacity_weighted", "usage_weighted", "relative_availability", "reset_drain"] as const;

export const ruleEntries: readonly RuleEntry[] = [
  ...ours,
  { name: "plain round-robin", source: null, make: plainRoundRobin },
  { name: "plain fill-first", source: null, make: plainFillFirst },
  { name: "CLIProxyAPI round-robin", source: CPA, make: (members) => roundRobin(members) },
  { name: "CLIProxyAPI with affinity", source: CPA, make: (members) => roundRobin(members, true) },
  { name: "CLIProxyAPI fill-first", source: CPA, make: fillFirst },
  { name: "CLIProxyAPI weighted", source: CPA, make: weighted },
  ...lbStrategies.map((each): RuleEntry => ({
    name: `codex-lb ${each}`,
    source: LB,
    make: (all) => codexLb(all, each),
  })),
  { name: "opencodex quota", source: "lidge-jun/opencodex@6ae83b1f1", make: opencodex },
  { name: "sub2api score", source: "Wei-Shaw/sub2api@a73a5fff7", make: sub2api },
  { name: "litellm simple-shuffle", source: "BerriAI/litellm@1fa201c73", make: litellm },
  { name: "Codex-Manager ordered", source: CODEX_MANAGER, make: (members) => codexManager(members, "ordered") },
  { name: "Codex-Manager balanced", source: CODEX_MANAGER, make: (members) => codexManager(members, "balanced") },
];
