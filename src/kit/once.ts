// A lazily made single value.

/** Does the work with the first call; every call gets that one result. */
export function once<T>(work: () => T): () => T {
  let result: { readonly value: T } | null = null;
  return () => (result ??= { value: work() }).value;
}
