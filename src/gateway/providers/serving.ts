// Which providers a request may go to: those that have its model, among those its platform key may use.

import { LRUCache } from "lru-cache";
import type { Provider } from "../../contract/provider.ts";
import { kinds } from "../../upstream/kinds.ts";
import type { Operation } from "../../wire/protocol.ts";
import { fitsPattern } from "../../kit/name-pattern.ts";
import { LOGINS } from "../../pool/filter.ts";
import type { KnownModels } from "../model-names.ts";
import type { ProviderSource } from "../ports.ts";

export interface ServingQuestion {
  readonly model: string | null;
  readonly operation: Operation;
  readonly keyId: string | null;
}

/** So many kinds of questions are remembered. */
const MOST_ANSWERS = 512;

export class Serving {
  readonly #providers: ProviderSource;
  readonly #isOfLogins: (model: string) => boolean;
  readonly #answers = new LRUCache<string, readonly string[]>({ max: MOST_ANSWERS });
  /** What the remembered answers follow from. */
  #list: readonly Provider[] = [];

  /** `isOfLogins` tells whether the logins are known to have a model. */
  constructor(providers: ProviderSource, isOfLogins: (model: string) => boolean) {
    this.#providers = providers;
    this.#isOfLogins = isOfLogins;
  }

  /** Ids of providers, `LOGINS` for the logins; null when there are only logins. */
  ask(question: ServingQuestion): readonly string[] | null {
    const list = this.#providers.list();
    if (list.length === 0) return null;
    if (list !== this.#list) {
      this.#answers.clear();
      this.#list = list;
    }
    const key = `${question.keyId}\n${question.operation}\n${question.model}`;
    const isOfLogins = question.model === null || this.#isOfLogins(question.model);
    const known = this.#answers.get(`${key}\n${isOfLogins}`);
    if (known !== undefined) return known;
    const answer = servingAmong(list, question, isOfLogins);
    this.#answers.set(`${key}\n${isOfLogins}`, answer);
    return answer;
  }

  /** Whether a provider names the model as one of its own. */
  isNamed(model: string): boolean {
    return this.#providers.list().some((provider) => provider.isEnabled && names(provider, model));
  }

  /** Models that providers of everybody name in full. */
  names(): readonly string[] {
    const open = this.#providers.list().filter(({ isEnabled, keyId }) => isEnabled && keyId === null);
    return [...new Set(open.flatMap((provider) => namesOf(provider).filter((name) => !name.includes("*"))))];
  }
}

function servingAmong(list: readonly Provider[], question: ServingQuestion, isOfLogins: boolean): readonly string[] {
  const { model, keyId } = question;
  const usable = list.filter(({ isEnabled, keyId: own }) => isEnabled && (own === null || own === keyId));
  const own = usable.filter(({ keyId: of }) => of !== null);
  // A platform key with an address of its own goes nowhere else.
  const among = own.length > 0 ? own : usable;
  const serving = among.filter((provider) => serves(provider, question)).map(({ id }) => id);
  const isLoginsTurn =
    question.operation !== "forward" &&
    own.length === 0 &&
    (isOfLogins || !usable.some((provider) => names(provider, model ?? "")));
  return isLoginsTurn ? [LOGINS, ...serving] : serving;
}

function serves(provider: Provider, { model, operation }: ServingQuestion): boolean {
  if (operation === "compact" && provider.format !== "responses") return false;
  if (operation === "forward" && !isPublicApi(provider)) return false;
  return model === null || namesOf(provider).some((pattern) => fitsPattern(model, pattern));
}

/** Has the endpoints that OpenAI has beside the ones that write text. */
function isPublicApi({ kind, format }: Provider): boolean {
  return kind !== "anthropic" && kind !== "gemini" && (format === "responses" || format === "chat");
}

/** A bare `*` is no name: it takes whatever nobody has named. */
function names(provider: Provider, model: string): boolean {
  return namesOf(provider).some((pattern) => pattern !== "*" && fitsPattern(model, pattern));
}

function namesOf({ kind, terms: { models, modelNames } }: Provider): readonly string[] {
  const told = [...models, ...Object.keys(modelNames)];
  return told.length > 0 ? told : kinds[kind].usualModels;
}

/** Also what providers name as their own is known, so that nothing else stands for it. */
export function knownTo(serving: Serving, known: KnownModels): KnownModels {
  return { ...known, isOfProvider: (name) => serving.isNamed(name) };
}
