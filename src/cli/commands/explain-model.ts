import { modelSentence } from "../../contract/reasons.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Words } from "../words/en.ts";

export const run: Run = async (context, [name = ""], { key, codex }) => {
  const question = { name, keyId: typeof key === "string" ? key : null, isCodex: codex === true };
  const meaning = await withRpc(context, (rpc) => rpc.call("models/resolve", question));
  context.print(meaning, () => lines(meaning, context.words));
  return exitCodes.done;
};

function lines({ name, model, reason, pattern, ...rest }: ResultOf<"models/resolve">, words: Words): string[] {
  const { reasoningEffort, serviceTier } = rest;
  const terms = [model, reasoningEffort, serviceTier].filter((term) => term !== null).map(shown);
  const why = modelSentence(reason, words.language);
  return [words.modelMeans(shown(name), terms.join(" ")), pattern === null ? why : `${why} (${shown(pattern)})`];
}
