// Providers over RPC.

import type { Outcome, Providers } from "../../accounts/providers/providers.ts";
import type { Trials } from "../../accounts/providers/trials.ts";
import { readWish } from "../../accounts/providers/wanted.ts";
import type { AccountSource } from "../../accounts/account-source.ts";
import { testWords } from "../../contract/provider-test.ts";
import type { providerMethods } from "../../contract/rpc/areas/provider.ts";
import type { Clock } from "../../kit/clock.ts";
import { presets, presetsVersion } from "../../upstream/presets.ts";
import type { Handlers } from "../handler.ts";
import { done, failed } from "../handler.ts";
import { providerItem, unmasked } from "./provider-item.ts";

export interface ProviderDeps {
  readonly providers: Providers;
  readonly trials: Trials;
  readonly source: Pick<AccountSource, "find" | "list">;
  readonly clock: Clock;
}

export function providerHandlers({
  providers,
  trials,
  source,
  clock,
}: ProviderDeps): Handlers<keyof typeof providerMethods> {
  const shown = (provider: Parameters<typeof providerItem>[0]) => providerItem(provider, source.list(), clock.now());
  return {
    "provider/list": async () => done({ items: providers.list().map(shown) }),
    "provider/presets": async () => {
      const items = presets.map(({ models, sources, ...one }) => ({
        ...one,
        models: [...models],
        sources: [...sources],
      }));
      return done({ version: presetsVersion, items });
    },
    "provider/create": async ({ keys, ...wish }) => {
      const wanted = readWish(given(wish));
      if (!wanted.ok) return failed(wanted.fault.message);
      const made = await providers.create(wanted.value, keys.map(given));
      if (!made.ok) return failed(made.fault.message);
      return done({ provider: shown(made.value.provider), accountIds: [...made.value.accountIds] });
    },
    "provider/update": async ({ providerId, ...edit }) => {
      const present = providers.list().find(({ id }) => id === providerId) ?? null;
      return told(await providers.update(providerId, unmasked(given(edit), present)), (provider) => ({
        provider: shown(provider),
      }));
    },
    "provider/delete": async ({ providerId }) =>
      (await providers.remove(providerId)) ? done(null) : failed("There is no such provider."),
    "provider/key/add": async ({ providerId, ...key }) =>
      told(await providers.addKey(providerId, given(key)), (accountId) => ({ accountId })),
    "provider/test": async ({ draft, ...question }) => {
      const report = await trials.test({ ...question, draft: draft ? given(draft) : null });
      return told(report, (value) => ({
        ...value,
        ...testWords[value.outcome],
        models: value.models && [...value.models],
      }));
    },
    "provider/models/refresh": async ({ providerId, keep }) =>
      told(await trials.refreshModels(providerId, keep), ({ models, isKept }) => ({ models: [...models], isKept })),
  };
}

function told<T, R>(outcome: Outcome<T>, show: (value: T) => R) {
  return outcome.ok ? done(show(outcome.value)) : failed(outcome.fault.message);
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what was left out. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
