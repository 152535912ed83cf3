// Finds the file another thread or process starts from: the source when run from source, its bundle when bundled.

/**
 * `importer` is the caller's `import.meta.url`; `source` is relative to it; `bundled` is the name the build gives that
 * entry beside the bundle the caller ended up in.
 */
export function entryUrl(importer: string, source: string, bundled: string): URL {
  return new URL(importer.endsWith(".ts") ? source : bundled, importer);
}
