// What a provider is: where requests that are paid with an API key go, and in which words.

/** `compatible` is any server that speaks one of the formats under an address of its own. */
export const providerKinds = ["openai", "azure", "anthropic", "gemini", "compatible"] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** The formats a provider can be asked in: `responses` is the internal form, whose bytes are passed on. */
export const providerFormats = ["responses", "chat", "messages", "gemini"] as const;
export type ProviderFormat = (typeof providerFormats)[number];

/** How the key is shown: as `Authorization: Bearer …`, in a header of its own, or not at all. */
export const keyPlaces = ["bearer", "x-api-key", "x-goog-api-key", "api-key", "none"] as const;
export type KeyPlace = (typeof keyPlaces)[number];

export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly kind: ProviderKind;
  readonly format: ProviderFormat;
  readonly baseUrl: string;
  readonly isEnabled: boolean;
  /** The user's order: lower goes first. */
  readonly sort: number;
  /** The one platform key it serves; null for all. */
  readonly keyId: string | null;
  readonly terms: ProviderTerms;
  readonly secrets: ProviderSecrets;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ProviderTerms {
  readonly keyPlace: KeyPlace;
  /** The names it serves, in which `*` stands for any letters; empty for whatever is asked. */
  readonly models: readonly string[];
  /** Its own names for models, by ours: on Azure those of the deployments. */
  readonly modelNames: Readonly<Record<string, string>>;
  /** Azure's; null for the interface without versions. */
  readonly apiVersion: string | null;
  /** Whether a request costs money: such accounts come after logins, and only take their place when that is allowed. */
  readonly isPaid: boolean;
  /** The user says that the address is meant to be inside the own network. */
  readonly isOnMyNetwork: boolean;
  /** The ready-made entry it was made from. */
  readonly preset: string | null;
}

/** May hold secrets: encrypted at rest, masked in every answer. */
export interface ProviderSecrets {
  /** Sent with every request, over all others. */
  readonly headers: Readonly<Record<string, string>>;
  /** The proxy it is reached through; null for the one of the settings. */
  readonly proxyUrl: string | null;
}

export const plainTerms: Omit<ProviderTerms, "keyPlace"> = {
  models: [],
  modelNames: {},
  apiVersion: null,
  isPaid: true,
  isOnMyNetwork: false,
  preset: null,
};

export const noSecrets: ProviderSecrets = { headers: {}, proxyUrl: null };
