import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

export const run: Run = async (context) => {
  const { words } = context;
  const presets = await withRpc(context, (rpc) => rpc.call("provider/presets"));
  context.print(presets, () => {
    const { id, name } = words.columns;
    const { format, address, keyPage } = words.providers.columns;
    const rows = presets.items.map((item) => [
      item.id,
      item.title[words.language],
      item.format,
      shown(item.baseUrl ?? item.addressExample),
      shown(item.keyPage),
    ]);
    return [formatTable([id, name, format, address, keyPage], rows)];
  });
  return exitCodes.done;
};
