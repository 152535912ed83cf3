// How an account is doing, for lists and counts; what that follows from is the pool's.

import type { AccountView } from "../accounts/accounts.ts";
import { plainLogin } from "../pool/account.ts";
import { type Availability, availability, usualTerms } from "../pool/availability.ts";

export function accountState(account: AccountView, now: number): Availability {
  const pooled = { ...plainLogin, ...account, isEnabled: account.status === "active" };
  return availability(pooled, { ...usualTerms, now });
}
