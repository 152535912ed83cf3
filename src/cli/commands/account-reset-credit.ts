import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAccount } from "../find-account.ts";

export const run: Run = async (context, [name]) => {
  const { words } = context;
  const { label, redeemed, left } = await withRpc(context, async (rpc) => {
    const { id: accountId, label } = await findAccount(context, rpc, name);
    const redeemed = await rpc.call("account/usage/resetCredit/consume", { accountId });
    const { items } = await rpc.call("account/usage/resetCredits");
    const left = items.find((item) => item.accountId === accountId)?.available ?? null;
    return { label, redeemed, left };
  });
  context.print({ ...redeemed, available: left }, () => [
    redeemed.code === "reset"
      ? words.creditRedeemed(shown(label), redeemed.windowsReset)
      : words.creditWasRedeemed(shown(label)),
    ...(left === null ? [] : [words.creditsLeft(left)]),
  ]);
  return exitCodes.done;
};
