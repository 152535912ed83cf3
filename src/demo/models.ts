// GET /backend-api/codex/models: the catalogue in the shape the Codex CLI reads, by plan and client version.

import type { DemoAccount } from "./account.ts";
import { admit } from "./admit.ts";
import type { Exchange } from "./exchange.ts";
import type { Plan } from "./plans.ts";
import type { WorldState } from "./world-state.ts";

export const MODELS_ETAG = '"demo-models-1"';

export interface DemoModel {
  readonly slug: string;
  readonly isLite: boolean;
  /** Reasoning efforts the model takes. */
  readonly efforts: readonly string[];
  /** Null: every plan. */
  readonly plans: readonly Plan[] | null;
  readonly minimalClientVersion: string;
  readonly isListed: boolean;
  readonly contextWindow: number;
  readonly maxContextWindow: number;
  readonly hasImages: boolean;
}

const CLASSIC_EFFORTS = ["low", "medium", "high", "xhigh"];
const LITE_EFFORTS = [...CLASSIC_EFFORTS, "max"];
const PAID: readonly Plan[] = ["api", "go", "plus", "pro", "prolite", "team", "business", "enterprise", "edu"];

function model(slug: string, rest: Partial<DemoModel> = {}): DemoModel {
  return {
    slug,
    isLite: false,
    efforts: CLASSIC_EFFORTS,
    plans: null,
    minimalClientVersion: "0.98.0",
    isListed: true,
    contextWindow: 272_000,
    maxContextWindow: 272_000,
    hasImages: true,
    ...rest,
  };
}

const LITE = { isLite: true, efforts: LITE_EFFORTS, minimalClientVersion: "0.144.0", maxContextWindow: 921_000 };

/** Public model names as of November 2026; in the order of the picker. */
export const MODELS: readonly DemoModel[] = [
  model("gpt-6.1-sol", LITE),
  model("gpt-6", { ...LITE, plans: PAID }),
  model("gpt-5.6-sol", LITE),
  model("gpt-5.6-terra", LITE),
  model("gpt-5.6-luna", { ...LITE, plans: PAID }),
  model("gpt-5.5", { efforts: ["none", "minimal", ...CLASSIC_EFFORTS] }),
  model("gpt-5.4"),
  model("gpt-5.4-mini"),
  model("gpt-5.3-codex-spark", {
    plans: ["plus", "pro", "prolite"],
    contextWindow: 128_000,
    maxContextWindow: 128_000,
    hasImages: false,
  }),
  model("gpt-5.2-codex"),
  model("gpt-5-codex"),
  model("codex-auto-review", { isListed: false }),
];

export function findModel(slug: string): DemoModel | undefined {
  return MODELS.find((candidate) => candidate.slug === slug);
}

export function isAllowed(candidate: DemoModel, account: DemoAccount): boolean {
  return candidate.plans === null || candidate.plans.includes(account.plan);
}

export async function answerModels(exchange: Exchange, state: WorldState): Promise<void> {
  const admitted = await admit(exchange, state, "models");
  if (!admitted) return;
  const version = exchange.query().get("client_version");
  const rows = MODELS.filter((row) => isAllowed(row, admitted.account))
    .filter((row) => version === null || compareVersions(version, row.minimalClientVersion) >= 0)
    .map((row, index) => catalogueRow(row, index));
  exchange.send({ status: 200, headers: { "x-models-etag": MODELS_ETAG, etag: MODELS_ETAG }, body: { models: rows } });
}

function catalogueRow(row: DemoModel, index: number): object {
  return {
    slug: row.slug,
    display_name: row.slug,
    description: `Simulated model ${row.slug}.`,
    default_reasoning_level: row.isLite ? "low" : "medium",
    supported_reasoning_levels: row.efforts.map((effort) => ({ effort, description: `Reasoning effort ${effort}` })),
    shell_type: "unified_exec",
    visibility: row.isListed ? "list" : "hide",
    minimal_client_version: row.minimalClientVersion,
    available_in_plans: row.plans,
    supported_in_api: true,
    priority: index + 1,
    additional_speed_tiers: ["fast"],
    service_tiers: [{ id: "priority", name: "Fast", description: "1.5x speed, increased usage" }],
    availability_nux: null,
    upgrade: null,
    base_instructions: "You are a simulated model.",
    model_messages: { instructions_template: "You are a simulated model.", ...NO_MESSAGES },
    ...SKILL_USAGE,
    // Read by Codex up to 0.147, which drops the whole catalogue when it is missing.
    supports_reasoning_summaries: true,
    default_reasoning_summary: "none",
    support_verbosity: true,
    default_verbosity: "low",
    apply_patch_tool_type: "freeform",
    web_search_tool_type: "text_and_image",
    truncation_policy: { mode: "tokens", limit: 10_000 },
    supports_parallel_tool_calls: !row.isLite,
    supports_image_detail_original: true,
    context_window: row.contextWindow,
    max_context_window: row.maxContextWindow,
    comp_hash: "2911",
    effective_context_window_percent: 95,
    experimental_supported_tools: [],
    input_modalities: row.hasImages ? ["text", "image"] : ["text"],
    supports_search_tool: true,
    supports_experimental_context: false,
    use_responses_lite: row.isLite,
    ...(row.isLite && { tool_mode: "code_mode_only", multi_agent_version: "v2" }),
    prefer_websockets: row.isLite,
    supports_reasoning_effort_updates: false,
    node_repl_auto_review_required: false,
    node_repl_disabled: false,
  };
}

const NO_MESSAGES = {
  approvals: null,
  collaboration_modes: null,
  auto_review: null,
  permissions: null,
  multi_agent: null,
};

const SKILL_USAGE = {
  include_skills_usage_instructions: true,
  include_plugin_usage_instructions: true,
  include_apps_usage_instructions: true,
};

/** Negative, zero or positive, comparing dotted numbers; a pre-release suffix is ignored. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split("-", 1)[0]?.split(".").map(Number) ?? []);
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
