// Reads claims of a JSON Web Token without verifying anything: for display and scheduling only, never for trust.

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of `token`, or null when it is no JWT (opaque tokens are legal). */
export function readClaims(token: string): Claims | null {
  const parts = token.split(".");
  if (parts.length !== 3) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1]!, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null && !Array.isArray(claims) ? (claims as Claims) : null;
  } catch {
    return null;
  }
}

/** A claim in whole seconds (`exp`, `iat`) as epoch ms; null when it is missing or no sensible instant. */
export function claimInstant(claims: Claims | null, name: "exp" | "iat"): number | null {
  const seconds = claims?.[name];
  return typeof seconds === "number" && seconds > 0 && seconds < 1e11 ? Math.floor(seconds * 1000) : null;
}
