import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown, shownTime } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

export const run: Run = async (context) => {
  const { words } = context;
  const answer = await withRpc(context, (rpc) => rpc.call("apikey/list"));
  const items = answer.items.map(({ staticHeadersJson, ...item }) => ({
    ...item,
    staticHeadersJson: staticHeadersJson === null ? null : "(set)",
  }));
  context.print({ items }, () => {
    if (items.length === 0) return [words.noKeys];
    const { id, name, model, effort, status, created, lastUsed } = words.columns;
    const rows = items.map((item) => [
      shown(item.id),
      shown(item.name),
      shown(item.modelSlug),
      shown(item.reasoningEffort),
      shown(item.status),
      shownTime(item.createdAt),
      shownTime(item.lastUsedAt),
    ]);
    return [formatTable([id, name, model, effort, status, created, lastUsed], rows)];
  });
  return exitCodes.done;
};
