// The path of an operation below the address that a person wrote for a provider.

/** `/v1`, `/v4`, `/v1beta` at the end of an address or at the beginning of a path. */
const LAST_VERSION = /\/(v\d+(?:beta\d*|alpha\d*)?)$/;
const FIRST_VERSION = /^\/(v\d+(?:beta\d*|alpha\d*)?)(?=\/)/;
/** What people copy along with an address. */
const OPERATION = /\/(?:chat\/completions|responses|messages|models)$/;

/**
 * An address that ends in a version keeps it, whatever version the path begins with; one without gets the path's, or `/v1`.
 * So `https://host`, `https://host/v1` and `https://host/v1/chat/completions` are the same address.
 */
export function joinPath(baseUrl: string, path: string): string {
  const base = new URL(baseUrl).pathname.replace(/\/+$/, "").replace(OPERATION, "");
  const version = FIRST_VERSION.exec(path)?.[1] ?? null;
  const rest = version === null ? path : path.slice(version.length + 1);
  return LAST_VERSION.test(base) ? `${base}${rest}` : `${base}/${version ?? "v1"}${rest}`;
}
