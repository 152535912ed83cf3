import type { InputOf } from "../../contract/rpc/table.ts";
import { withRpc } from "../connect.ts";
import type { Options, Run } from "../context.ts";
import { CommandError } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAccount } from "../find-account.ts";

type Edit = Omit<InputOf<"account/update">, "accountId">;

export const run: Run = async (context, [name], options) => {
  const { words } = context;
  const edit = editOf(options);
  if (Object.keys(edit).length === 0) throw new CommandError(words.nothingToSet, exitCodes.usage);
  const account = await withRpc(context, async (rpc) => {
    const { id } = await findAccount(context, rpc, name);
    await rpc.call("account/update", { accountId: id, ...edit });
    return findAccount(context, rpc, id);
  });
  context.print({ account }, () => [words.accountSet(account.label, account.priority, account.mark)]);
  return exitCodes.done;
};

/** What was given; the service says what it does not accept. */
function editOf(options: Options): Edit {
  const tags = text(options["tags"])?.split(",");
  const maxInflight = text(options["maxInflight"]);
  const wanted = {
    priority: number(text(options["priority"])),
    mark: text(options["mark"])?.replace("-", "_"),
    maxInflight: maxInflight === "none" ? null : number(maxInflight),
    groupName: text(options["group"]),
    tags,
    note: text(options["note"]),
    label: text(options["label"]),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

function text(value: Options[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
