import type { InputOf, ResultOf } from "../../contract/rpc/table.ts";
import { type Rpc, withRpc } from "../connect.ts";
import type { Context, Options, Run } from "../context.ts";
import { CommandError, shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAccount } from "../find-account.ts";
import { findProvider } from "../find-provider.ts";
import { providerEdit, text } from "../provider-options.ts";
import { readKey } from "../read-key.ts";
import type { Words } from "../words/en.ts";

type Question = InputOf<"provider/test">;
type Report = ResultOf<"provider/test">;

export const run: Run = async (context, [name], options) => {
  const report = await withRpc(context, async (rpc) => {
    const question = await questionOf(context, rpc, { name, options });
    return rpc.call("provider/test", { ...question, model: text(options["model"]) ?? null });
  });
  context.print(report, () => lines(report, context.words));
  return report.outcome === "works" ? exitCodes.done : exitCodes.failed;
};

interface Asked {
  readonly name: string | undefined;
  readonly options: Options;
}

async function questionOf(context: Context, rpc: Rpc, { name, options }: Asked): Promise<Question> {
  const account = text(options["account"]);
  if (account !== undefined) return { accountId: (await findAccount(context, rpc, account)).id };
  const isOtherKey = text(options["keyEnv"]) !== undefined;
  if (name !== undefined) {
    const provider = await findProvider(context, rpc, name);
    return { providerId: provider.id, apiKey: isOtherKey ? await readKey(context, options, provider.name) : null };
  }
  const draft = { preset: text(options["preset"]) ?? null, ...providerEdit(options, context.words) };
  if (draft.preset === null && draft.baseUrl === undefined && draft.kind === undefined) {
    throw new CommandError(context.words.providers.nothingToTest, exitCodes.usage);
  }
  const apiKey = options["key"] === false ? "" : await readKey(context, options, draft.preset ?? draft.baseUrl ?? "");
  return { draft, apiKey };
}

function lines(report: Report, words: Words): string[] {
  const { says, next, detail, address, model, models, answer, latencyMs, tokens } = report;
  const told = words.providers;
  return [
    says[words.language],
    ...(detail === null ? [] : [shown(detail)]),
    ...(next === null ? [] : [next[words.language]]),
    shown(address),
    ...(models === null ? [] : [told.listed(models.length)]),
    ...(answer === null || latencyMs === null ? [] : [`${told.tested(shown(model), latencyMs)} ${shown(answer)}`]),
    ...(tokens === null ? [] : [told.tokens(tokens.input, tokens.output)]),
  ];
}
