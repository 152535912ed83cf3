import { skipSentence, stateWord } from "../../contract/reasons.ts";
import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown, shownTime } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

export const run: Run = async (context) => {
  const { words } = context;
  const { items } = await withRpc(context, (rpc) => rpc.call("account/list"));
  context.print({ items }, () => {
    if (items.length === 0) return [words.noAccounts];
    const { account, plan, state, reason, until, order, group, id } = words.columns;
    const rows = items.map((item) => [
      shown(item.label),
      shown(item.plan),
      stateWord(item.state, words.language),
      item.stateReason === null ? "-" : skipSentence(item.stateReason, words.language),
      shownTime(item.stateUntil),
      shown(item.sort),
      shown(item.groupName),
      shown(item.id),
    ]);
    return [formatTable([account, plan, state, reason, until, order, group, id], rows)];
  });
  return exitCodes.done;
};
