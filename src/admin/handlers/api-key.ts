// Platform keys over RPC.

import type { apiKeyMethods } from "../../contract/rpc/areas/api-key.ts";
import { authSchemeOf } from "../../keys/key-profile.ts";
import type { Keys } from "../../keys/keys.ts";
import type { KeyRecord } from "../../store/key-rows.ts";
import type { Handlers } from "../handler.ts";
import { done, toSeconds } from "../handler.ts";

export interface ModelOption {
  readonly slug: string;
  readonly displayName: string;
}

/** `isForced` asks the upstream instead of the cache. */
export type ModelSource = (isForced: boolean) => Promise<readonly ModelOption[]>;

export function apiKeyHandlers(keys: Keys, models: ModelSource): Handlers<keyof typeof apiKeyMethods> {
  return {
    "apikey/list": async () => done({ items: (await keys.list()).map(toItem) }),
    "apikey/create": (edit) => keys.create(edit),
    "apikey/readSecret": ({ id }) => keys.readSecret(id),
    "apikey/models": async ({ refreshRemote }) => {
      const items = await models(refreshRemote === true);
      return done({ items: items.map(({ slug, displayName }) => ({ slug, displayName })) });
    },
    "apikey/updateModel": ({ id, ...edit }) => keys.updateModel(id, edit),
    "apikey/delete": ({ id }) => keys.remove(id),
    "apikey/disable": ({ id }) => keys.setEnabled(id, false),
    "apikey/enable": ({ id }) => keys.setEnabled(id, true),
  };
}

function toItem(key: KeyRecord) {
  return {
    id: key.id,
    name: key.name,
    modelSlug: key.modelSlug,
    reasoningEffort: key.reasoningEffort,
    clientType: "codex",
    protocolType: key.protocolType,
    authScheme: authSchemeOf(key.protocolType),
    upstreamBaseUrl: key.upstreamBaseUrl,
    staticHeadersJson: key.staticHeadersJson,
    status: key.status,
    accountGroupFilter: [...key.groupFilter],
    accountTagFilter: [...key.tagFilter],
    accountPlanFilter: [...key.planFilter],
    maxInflight: key.maxInflight,
    createdAt: toSeconds(key.createdAt),
    lastUsedAt: toSeconds(key.lastUsedAt),
  };
}
