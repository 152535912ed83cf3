import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAccount } from "../find-account.ts";

export const run: Run = async (context, [name]) => {
  const account = await withRpc(context, async (rpc) => {
    const found = await findAccount(context, rpc, name);
    await rpc.call("account/update", { accountId: found.id, status: "disabled" });
    return found;
  });
  context.print({ id: account.id, status: "disabled" }, () => [context.words.accountDisabled(account.label)]);
  return exitCodes.done;
};
