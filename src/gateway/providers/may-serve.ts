// Who may serve a request: what its platform key allows, narrowed to those that have the model, without those that cost money where
// a login could do it.

import { type Filter, LOGINS, ofProviders } from "../../pool/filter.ts";
import type { Pool } from "../../pool/pool.ts";
import type { ProviderSource } from "../ports.ts";
import type { Serving, ServingQuestion } from "./serving.ts";

export interface MayServe {
  readonly filter: Filter;
  /** API keys are left out that could serve, because a login should and paying is not allowed in its place. */
  readonly sparesPaid: boolean;
  /** An API key that serves takes the place of a login. */
  readonly isFallbackPaid: boolean;
}

export interface MayServeParts {
  readonly pool: Pool;
  readonly serving: Serving;
  readonly providers: ProviderSource;
  readonly usesPaidFallback: boolean;
}

export function mayServe(filter: Filter, question: ServingQuestion, parts: MayServeParts): MayServe {
  const { pool, serving, providers, usesPaidFallback } = parts;
  const all = serving.ask(question);
  if (all === null) return { filter, sparesPaid: false, isFallbackPaid: false };
  const isPaid = (id: string) => providers.find(id)?.terms.isPaid === true;
  const isFallbackPaid = all.includes(LOGINS) && all.some(isPaid) && pool.hasLogin(filter);
  const sparesPaid = isFallbackPaid && !usesPaidFallback;
  return {
    filter: ofProviders(filter, sparesPaid ? all.filter((id) => !isPaid(id)) : all),
    sparesPaid,
    isFallbackPaid,
  };
}
