import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

export const run: Run = async (context) => {
  const { words } = context;
  const { items } = await withRpc(context, (rpc) => rpc.call("provider/list"));
  context.print({ items }, () => {
    if (items.length === 0) return [words.providers.none];
    const { provider, format, keys, address } = words.providers.columns;
    const rows = items.map((item) => [
      shown(item.name),
      item.format,
      String(item.accounts),
      words.providers.states[item.state],
      shown(item.baseUrl),
      shown(item.id),
    ]);
    return [formatTable([provider, format, keys, words.columns.state, address, words.columns.id], rows)];
  });
  return exitCodes.done;
};
