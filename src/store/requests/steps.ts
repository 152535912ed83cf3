// Every step of requests.db, in order.

import type { Migration } from "../migrate.ts";
import { first } from "./steps/0001-first.ts";
import { searchAndSums } from "./steps/0002-search-and-sums.ts";
import { decisions } from "./steps/0003-decisions.ts";
import { paidFallback } from "./steps/0004-paid-fallback.ts";

export const requestLogSteps: readonly Migration[] = [first, searchAndSums, decisions, paidFallback];
