// Every step of codexmanager.db, in order. A new step is a file here and a line below.

import type { Migration } from "../migrate.ts";
import { first } from "./0001-first.ts";
import { preferences } from "./0002-preferences.ts";
import { keptResponses } from "./0003-kept-responses.ts";
import { providers } from "./0004-providers.ts";

export const migrations: readonly Migration[] = [first, preferences, keptResponses, providers];
