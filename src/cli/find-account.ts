// Finds the account that somebody means by its id, its label or its e-mail address.

import type { ResultOf } from "../contract/rpc/table.ts";
import type { Rpc } from "./connect.ts";
import type { Context } from "./context.ts";
import { CommandError, shown } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

type Account = ResultOf<"account/list">["items"][number];

/** Throws CommandError when there is none, or more than one. */
export async function findAccount({ words }: Context, rpc: Rpc, name = ""): Promise<Account> {
  const { items } = await rpc.call("account/list");
  const exact = items.find(({ id }) => id === name);
  const alike = exact === undefined ? items.filter(({ label, email }) => label === name || email === name) : [exact];
  const [account, other] = alike;
  if (account === undefined) throw new CommandError(words.noSuchAccount(name), exitCodes.notFound);
  if (other === undefined) return account;
  const ids = alike.map(({ id }) => shown(id)).join(", ");
  throw new CommandError(words.severalAccounts(name, ids), exitCodes.failed);
}
