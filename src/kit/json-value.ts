// Looks at values that came out of JSON.parse without trusting their shape.

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; null when it is anything else, a list included. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The value as a list; empty when it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string; null when it is none. */
export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The value as a finite number; null when it is none. */
export function asNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** What the JSON text says; undefined when it is no JSON. */
export function parseJson(text: Buffer | string): unknown {
  try {
    return JSON.parse(typeof text === "string" ? text : text.toString("utf8"));
  } catch {
    return undefined;
  }
}
