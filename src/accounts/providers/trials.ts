// What is tested when somebody asks for a test: a saved account, another key for a saved provider, or a draft of both. And the
// list of a provider's models, read with one of its keys.

import type { Provider } from "../../contract/provider.ts";
import type { ProviderTestReport } from "../../contract/provider-test.ts";
import type { AccountRecord } from "../../store/account-rows.ts";
import type { Store } from "../../store/open-store.ts";
import type { AccountSource } from "../account-source.ts";
import { type KeyFault, readKey } from "./key-account.ts";
import type { ProviderFault } from "./provider-terms.ts";
import type { Outcome, Providers } from "./providers.ts";
import { createProviderTest, listModels, type ProviderTestOptions, type ProviderTrial } from "./test-provider.ts";
import { type ProviderWish, readWish } from "./wanted.ts";

export interface TrialQuestion {
  readonly accountId?: string | null;
  readonly providerId?: string | null;
  readonly draft?: ProviderWish | null;
  readonly apiKey?: string | null;
  readonly model?: string | null;
}

export interface Trials {
  test(question: TrialQuestion): Promise<Outcome<ProviderTestReport>>;
  /** Reads which models a provider lists, and keeps them as those it serves when that is wanted. */
  refreshModels(providerId: string, isKept: boolean): Promise<Outcome<ModelsRead>>;
}

export interface ModelsRead {
  readonly models: readonly string[];
  readonly isKept: boolean;
}

export interface TrialsOptions extends ProviderTestOptions {
  readonly store: Pick<Store, "credentials">;
  readonly accounts: AccountSource;
  readonly providers: Providers;
}

type Found = Outcome<Omit<ProviderTrial, "model">>;

export function createTrials(options: TrialsOptions): Trials {
  const { store, accounts, providers, userAgent, dispatcherFor } = options;
  const testProvider = createProviderTest(options);
  const provider = (id: string | null) => providers.list().find((one) => one.id === id) ?? null;

  async function saved(account: AccountRecord): Promise<Found> {
    const found = provider(account.providerId);
    if (found === null) return failed("accountId: this account is a login and holds no API key");
    const credentials = await store.credentials.find(account.id);
    const apiKey = credentials?.tokens.accessToken ?? "";
    return { ok: true, value: { provider: found, apiKey, accountId: account.id } };
  }

  async function firstOf(found: Provider): Promise<Found> {
    const held = accounts.list().filter(({ providerId }) => providerId === found.id);
    const first = held.find(({ isEnabled }) => isEnabled) ?? held[0];
    const record = first === undefined ? null : accounts.record(first.id);
    return record === null ? withKey(found, "") : saved(record);
  }

  async function find({ accountId, providerId, draft, apiKey }: TrialQuestion): Promise<Found> {
    if (accountId) {
      const record = accounts.record(accountId);
      return record === null ? failed("accountId: there is no such account", "not_found") : saved(record);
    }
    if (providerId) {
      const found = provider(providerId);
      if (found === null) return failed("providerId: there is no such provider", "not_found");
      return apiKey ? withKey(found, apiKey) : firstOf(found);
    }
    if (!draft) return failed("Say what to test: accountId, providerId, or a draft with apiKey.");
    const wish = readWish(draft);
    if (!wish.ok) return wish;
    const drafted = providers.draft(wish.value);
    return drafted.ok ? withKey(drafted.value, apiKey ?? "") : drafted;
  }

  return {
    async test(question) {
      const found = await find(question);
      if (!found.ok) return found;
      return { ok: true, value: await testProvider({ ...found.value, model: question.model?.trim() || null }) };
    },
    async refreshModels(providerId, isKept) {
      const found = await find({ providerId });
      if (!found.ok) return found;
      const { provider: asked, apiKey, accountId } = found.value;
      const call = { dispatcher: dispatcherFor(asked, accountId), provider: asked, apiKey, userAgent };
      const { reply, models } = await listModels(call);
      if (models === null) return failed(`${asked.name} gave no list of models: ${whyNone(reply)}`);
      if (isKept) await providers.update(providerId, { models });
      return { ok: true, value: { models, isKept } };
    },
  };
}

function withKey(provider: Provider, apiKey: string): Found {
  const fault = readKey({ apiKey }, provider);
  return fault === null
    ? { ok: true, value: { provider, apiKey: apiKey.trim(), accountId: provider.id } }
    : { ok: false, fault };
}

function whyNone(reply: Awaited<ReturnType<typeof listModels>>["reply"]): string {
  return reply.ok ? `it answered with status ${reply.status}` : reply.reason;
}

function failed(
  message: string,
  code: (ProviderFault | KeyFault)["code"] = "invalid",
): { ok: false; fault: ProviderFault } {
  return { ok: false, fault: { code: code === "not_found" ? "not_found" : "invalid", message } };
}
