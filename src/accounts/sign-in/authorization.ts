// The address a browser is sent to, and the secrets that tie its answer to this sign-in.
// Facts: parameters and their order as the original and Codex CLI send them.

import { createHash } from "node:crypto";

export interface Secrets {
  /** Names the sign-in; comes back with the answer. */
  readonly state: string;
  /** Proves that whoever redeems the code is who asked for it (RFC 7636). */
  readonly verifier: string;
}

export interface AuthorizationTerms {
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly originator: string;
  readonly redirectUri: string;
  /** The only workspace that may be chosen; null leaves the choice to the person. */
  readonly workspaceId: string | null;
}

/** `randomBytes` gives so many random bytes. */
export function newSecrets(randomBytes: (count: number) => Buffer): Secrets {
  return { state: randomBytes(32).toString("base64url"), verifier: randomBytes(64).toString("base64url") };
}

export function authorizationUrl(terms: AuthorizationTerms, { state, verifier }: Secrets): string {
  const url = new URL(`${terms.issuerUrl}/oauth/authorize`);
  const parameters: Record<string, string> = {
    response_type: "code",
    client_id: terms.clientId,
    redirect_uri: terms.redirectUri,
    scope: "openid profile email offline_access",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    id_token_add_organizations: "true",
    codex_cli_simplified_flow: "true",
    state,
    originator: terms.originator,
  };
  if (terms.workspaceId !== null) parameters["allowed_workspace_id"] = terms.workspaceId;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
