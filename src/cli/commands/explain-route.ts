import { failureSentence, routeSentence, skipSentence, stateWord } from "../../contract/reasons.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Options, Run } from "../context.ts";
import { shown, shownTime } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Words } from "../words/en.ts";

type Route = ResultOf<"gateway/explain">;

export const run: Run = async (context, _args, options) => {
  const question = {
    keyId: text(options, "key"),
    model: text(options, "model"),
    conversation: text(options, "conversation"),
  };
  const route = await withRpc(context, (rpc) => rpc.call("gateway/explain", question));
  context.print(route, () => [...meaning(question.model, route, context.words), ...lines(route, context.words)]);
  return exitCodes.done;
};

function meaning(asked: string | null, { model }: Route, words: Words): string[] {
  return asked === null || model === null || model === asked ? [] : [words.modelMeans(asked, model)];
}

function lines(route: Route, words: Words): string[] {
  const { language } = words;
  const order = route.candidates.map((each, place) => [
    String(place + 1),
    shown(each.label),
    stateWord(each.state, language),
    routeSentence(each.reason, language),
  ]);
  const passedOver = route.skipped.map(({ label, reason, until }) => [
    "-",
    shown(label),
    "",
    skipSentence(reason, language, until === null ? null : shownTime(until)),
  ]);
  const { place, account, state, reason } = words.columns;
  return [
    nextLine(route, words),
    ...(order.length + passedOver.length === 0
      ? []
      : ["", formatTable([place, account, state, reason], [...order, ...passedOver])]),
    ...more(route, words),
  ];
}

function nextLine({ next, verdict, candidates }: Route, words: Words): string {
  if (next === null) {
    const until = verdict?.until ?? null;
    return failureSentence(verdict?.code ?? "", words.language, until === null ? null : shownTime(until));
  }
  const label = candidates.find(({ accountId }) => accountId === next.accountId)?.label ?? next.accountId;
  return words.nextAccount(shown(label), routeSentence(next.reason, words.language));
}

function more(route: Route, words: Words): string[] {
  const { candidates, candidateCount, skipped, skippedCount, sparesPaid, capacityReturnsAt } = route;
  const untold = candidateCount - candidates.length + (skippedCount - skipped.length);
  return [
    ...(untold > 0 ? [words.untold(untold)] : []),
    ...(sparesPaid ? [words.sparesPaid] : []),
    ...(capacityReturnsAt === null ? [] : [words.firstBack(shownTime(capacityReturnsAt))]),
  ];
}

function text(options: Options, name: string): string | null {
  const value = options[name];
  return typeof value === "string" ? value : null;
}
