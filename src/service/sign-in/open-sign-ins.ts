// Puts signing in together: the issuer, the door browsers come back to, and the store.

import { randomBytes } from "node:crypto";
import { createSignIns, type SignInOptions, type SignIns } from "../../accounts/sign-in/sign-ins.ts";
import type { Settings } from "../../contract/settings/table.ts";
import { createSignInIssuer } from "../../upstream/chatgpt/sign-in-issuer.ts";
import type { Core } from "../open-core.ts";
import { version } from "../version.ts";
import { type CallbackAnswer, callbackAnswer } from "./callback-answer.ts";
import { createDoor } from "./callback-door.ts";

export interface OpenSignIns {
  readonly signIns: SignIns;
  /** For browsers that come back to the service's own address. */
  readonly answer: CallbackAnswer;
}

const TIMEOUT_MS = 60_000;

export function openSignIns({ store, source, clock, settings, transport, usage, log }: Core): OpenSignIns {
  const answer: CallbackAnswer = (request, response) => callbackAnswer(signIns)(request, response);
  const { issuerUrl, clientId } = signInTerms(settings.current);
  const signIns: SignIns = createSignIns({
    store,
    source,
    clock,
    randomBytes,
    issuer: createSignInIssuer({
      transport,
      issuerUrl,
      clientId,
      userAgent: `codexmanager/${version}`,
      timeoutMs: TIMEOUT_MS,
    }),
    door: createDoor({ settings: () => settings.current, answer, onCancel: () => signIns.cancelAll() }),
    onSignedIn: (accountId) => {
      usage.refresh([accountId]).catch((error: unknown) => log.warn("a new account could not be looked at", { error }));
    },
    terms: () => signInTerms(settings.current),
  });
  return { signIns, answer };
}

export function signInTerms({ signIn }: Settings): ReturnType<SignInOptions["terms"]> {
  const { issuer, clientId, originator } = signIn;
  return { issuerUrl: issuer.replace(/\/+$/, ""), clientId, originator };
}
