// Pictures and files as they stand in items: a data URL, an address, or the bare base64 of a file whose name tells its kind.

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w.=-]+)*;base64,(.*)$/s;
const KINDS: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  json: "application/json",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
};

export type Media =
  | { readonly data: string; readonly kind: string }
  /** The kind of what stands at an address may not be known. */
  | { readonly address: string; readonly kind: string | null };

/** Null for content of no known kind. */
export function mediaOf(source: string, fileName: string | null): Media | null {
  const [, kind, data] = DATA_URL.exec(source) ?? [];
  if (kind !== undefined && data !== undefined) return { data, kind };
  if (/^https?:\/\//.test(source)) return { address: source, kind: kindOf(source.replace(/[?#].*$/, "")) };
  const named = kindOf(fileName ?? "");
  return named === null ? null : { data: source, kind: named };
}

function kindOf(name: string): string | null {
  return KINDS[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? null;
}
