import { withRpc } from "../connect.ts";
import type { Options, Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

/** The one command whose purpose is to show a secret: the new key is printed, with `--json` too. */
export const run: Run = async (context, _args, options) => {
  const { words } = context;
  const { created, url } = await withRpc(context, async (rpc) => {
    const edit = {
      name: text(options, "name"),
      modelSlug: text(options, "model"),
      reasoningEffort: text(options, "effort"),
      accountGroupFilter: list(options, "group"),
      accountTagFilter: list(options, "tag"),
      accountPlanFilter: list(options, "plan"),
      maxInflight: Number(text(options, "maxInflight") ?? 0),
    };
    return { created: await rpc.call("apikey/create", edit), url: (await rpc.call("system/status")).serviceUrl };
  });
  context.print(created, () => [
    words.keyCreated(created.id),
    created.key,
    ...(url === null ? [] : [words.pointClient(url)]),
  ]);
  return exitCodes.done;
};

function text(options: Options, name: string): string | null {
  const value = options[name];
  return typeof value === "string" ? value : null;
}

function list(options: Options, name: string): string[] {
  return text(options, name)?.split(",") ?? [];
}
