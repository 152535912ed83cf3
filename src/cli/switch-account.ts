// Switches an account on or off.

import { withRpc } from "./connect.ts";
import type { Run } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { findAccount } from "./find-account.ts";

export function switchAccount(status: "active" | "disabled"): Run {
  return async (context, [name]) => {
    const { id, label } = await withRpc(context, async (rpc) => {
      const account = await findAccount(context, rpc, name);
      await rpc.call("account/update", { accountId: account.id, status });
      return account;
    });
    const { accountEnabled, accountDisabled } = context.words;
    context.print({ id, status }, () => [status === "active" ? accountEnabled(label) : accountDisabled(label)]);
    return exitCodes.done;
  };
}
