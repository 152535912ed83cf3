// A CODEX_HOME with a working folder, pointed at the gateway in one of the ways, and gone when the test is over.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuthJson } from "../../../src/demo/index.ts";
import { cacheDirectory } from "../cache-directory.ts";
import type { Way } from "./versions.ts";

export interface HomeTerms {
  readonly way: Way;
  readonly model: string;
  /** Origin of the gateway. */
  readonly gateway: string;
  readonly key: string;
  /** Stands for https://chatgpt.com/backend-api, so that no request leaves this machine. */
  readonly backend: string;
  /** Whom the client itself is signed in as; used by the way "chatgpt". */
  readonly login: AuthJson;
  /** More lines for the top level of config.toml. */
  readonly config?: readonly string[];
  /** More lines for the provider's table; used by the way "provider". */
  readonly provider?: readonly string[];
}

export interface CodexHome {
  readonly path: string;
  /** Where the client works. */
  readonly work: string;
  remove(): Promise<void>;
}

/** The variable that `env_key` of the custom provider names. */
export const KEY_VARIABLE = "POOL_KEY";

/** Whom the client is signed in as by the way "api-key". */
export const CLIENT_API_KEY = "sk-of-the-client-itself";

/** Lies in the cache: below the system's temporary folder Codex would leave out a part of its set-up. */
export async function createHome(terms: HomeTerms): Promise<CodexHome> {
  const homes = join(cacheDirectory(), "homes");
  await mkdir(homes, { recursive: true });
  const path = await mkdtemp(join(homes, "home-"));
  const work = join(path, "work");
  await mkdir(work);
  await writeFile(join(path, "config.toml"), configOf(terms));
  const auth = authOf(terms);
  if (auth !== null) await writeFile(join(path, "auth.json"), JSON.stringify(auth), { mode: 0o600 });
  return { path, work, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

function configOf({ way, model, gateway, key, backend, config = [], provider = [] }: HomeTerms): string {
  const isProvider = way === "provider";
  const lines = [
    `model = "${model}"`,
    isProvider ? 'model_provider = "pool"' : `openai_base_url = "${gateway}/k/${key}/v1"`,
    `chatgpt_base_url = "${backend}"`,
    'approval_policy = "never"',
    'sandbox_mode = "danger-full-access"',
    'cli_auth_credentials_store = "file"',
    "check_for_update_on_startup = false",
    ...config,
    "[analytics]",
    "enabled = false",
    "[features]",
    "plugins = false",
    "apps = false",
  ];
  if (isProvider) {
    lines.push("[model_providers.pool]", 'name = "pool"', `base_url = "${gateway}/v1"`, 'wire_api = "responses"');
    lines.push(`env_key = "${KEY_VARIABLE}"`, ...provider);
  }
  return `${lines.join("\n")}\n`;
}

function authOf({ way, login }: HomeTerms): object | null {
  if (way === "provider") return null;
  return way === "chatgpt" ? login : { auth_mode: "apikey", OPENAI_API_KEY: CLIENT_API_KEY };
}
