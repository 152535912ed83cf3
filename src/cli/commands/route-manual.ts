import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAccount } from "../find-account.ts";

export const run: Run = async (context, [name], options) => {
  const { words } = context;
  const account = await withRpc(context, async (rpc) => {
    if (options["clear"] === true) await rpc.call("gateway/manualAccount/clear");
    else if (name !== undefined) {
      const { id } = await findAccount(context, rpc, name);
      await rpc.call("gateway/manualAccount/set", { accountId: id });
    }
    const { accountId } = await rpc.call("gateway/manualAccount/get");
    return accountId === null ? null : findAccount(context, rpc, accountId);
  });
  const manual = account === null ? null : { accountId: account.id, label: account.label };
  context.print({ manual }, () => [account === null ? words.noManual : words.manual(shown(account.label))]);
  return exitCodes.done;
};
