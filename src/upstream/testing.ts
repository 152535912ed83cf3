// Builders for tests of what asks providers.

import { noSecrets, plainTerms, type Provider, type ProviderTerms } from "../contract/provider.ts";

/** A provider with believable values. */
export function provider({
  keyPlace = "bearer",
  models = plainTerms.models,
  modelNames = plainTerms.modelNames,
  apiVersion = plainTerms.apiVersion,
  isPaid = plainTerms.isPaid,
  isOnMyNetwork = plainTerms.isOnMyNetwork,
  preset = plainTerms.preset,
  ...more
}: Partial<Omit<Provider, "terms"> & ProviderTerms>): Provider {
  return {
    id: "prv_1",
    name: "Relay",
    kind: "compatible",
    format: "chat",
    baseUrl: "https://relay.example/v1",
    isEnabled: true,
    sort: 0,
    keyId: null,
    terms: { keyPlace, models, modelNames, apiVersion, isPaid, isOnMyNetwork, preset },
    secrets: noSecrets,
    createdAt: 1,
    updatedAt: 1,
    ...more,
  };
}
