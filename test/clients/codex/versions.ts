// The ways each Codex release can be pointed at the gateway, and the forms of model requests it has.

/**
 * How a Codex home is pointed at the gateway:
 * "provider": a provider of its own in config.toml, the platform key in an environment variable;
 * "api-key": the built-in provider with `openai_base_url`, signed in with an API key;
 * "chatgpt": the same, signed in with ChatGPT. Both carry the platform key in the address.
 */
export type Way = (typeof ways)[number];

const ways = ["provider", "api-key", "chatgpt"] as const;

export function isWay(word: string): word is Way {
  return (ways as readonly string[]).includes(word);
}

/** One Codex CLI, pointed at the gateway in one way. */
export interface Client {
  readonly version: string;
  readonly way: Way;
  /** The package's own start script. */
  readonly script: string;
}

/** `openai_base_url` came after 0.101. */
export function waysOf(version: string): readonly Way[] {
  return isAtLeast(version, 0, 125) ? ways : ["provider"];
}

/** A model that takes `tools` and `instructions`, and that the release knows well enough to offer its patch tool. */
export function classicModel({ version }: Client): string {
  return isAtLeast(version, 0, 125) ? "gpt-5.5" : "gpt-5.2-codex";
}

/** A model of the "responses lite" form, which acts through scripts; null for releases that know none. */
function liteModel({ version }: Client): string | null {
  if (isAtLeast(version, 0, 169)) return "gpt-6.1-sol";
  return isAtLeast(version, 0, 148) ? "gpt-5.6-sol" : null;
}

/** The forms of model requests the client has. */
export function modelsOf(client: Client): readonly { readonly form: "classic" | "lite"; readonly model: string }[] {
  const lite = liteModel(client);
  return [
    { form: "classic", model: classicModel(client) },
    ...(lite === null ? [] : [{ form: "lite" as const, model: lite }]),
  ];
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
