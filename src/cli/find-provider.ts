// Finds the provider that somebody means by its id or its name.

import type { ResultOf } from "../contract/rpc/table.ts";
import type { Rpc } from "./connect.ts";
import type { Context } from "./context.ts";
import { CommandError, shown } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

export type ProviderItem = ResultOf<"provider/list">["items"][number];

/** Throws CommandError when there is none, or more than one. */
export async function findProvider({ words }: Context, rpc: Rpc, name = ""): Promise<ProviderItem> {
  const { items } = await rpc.call("provider/list");
  const exact = items.find(({ id }) => id === name);
  const wanted = name.toLowerCase();
  const alike = exact === undefined ? items.filter((one) => one.name.toLowerCase() === wanted) : [exact];
  const [provider, other] = alike;
  if (provider === undefined) throw new CommandError(words.providers.noSuch(name), exitCodes.notFound);
  if (other === undefined) return provider;
  const ids = alike.map(({ id }) => shown(id)).join(", ");
  throw new CommandError(words.providers.several(name, ids), exitCodes.failed);
}
