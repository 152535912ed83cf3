// What a browser comes back with, wherever it arrives: at the callback address, or pasted by hand.

export type Callback =
  | { readonly kind: "code"; readonly state: string; readonly code: string }
  /** The issuer, or the person there, has said no. */
  | { readonly kind: "refused"; readonly state: string | null; readonly reason: string }
  | { readonly kind: "incomplete" };

export function readCallback(query: URLSearchParams): Callback {
  const state = query.get("state") || null;
  const code = query.get("code") || null;
  if (state !== null && code !== null) return { kind: "code", state, code };
  const error = query.get("error");
  if (error !== null) return { kind: "refused", state, reason: query.get("error_description") || error };
  return { kind: "incomplete" };
}

/** A whole address, one without its scheme, or only what stands behind the question mark. */
export function readPasted(text: string): Callback {
  const trimmed = text.trim();
  const mark = trimmed.indexOf("?");
  const query = (mark < 0 ? trimmed : trimmed.slice(mark + 1)).split("#", 1)[0] ?? "";
  return readCallback(new URLSearchParams(query));
}
