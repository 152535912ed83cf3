import { failureSentence, lostSentence, routeSentence, skipSentence } from "../../contract/reasons.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { CommandError, shown, shownTime } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Words } from "../words/en.ts";

type Request = NonNullable<ResultOf<"requestlog/read">["item"]>;
type Attempt = Request["attempts"][number];
/** What an account is called. */
type Names = (accountId: string) => string;

export const run: Run = async (context, [name = ""]) => {
  const { words } = context;
  const { item, accounts } = await withRpc(context, async (rpc) => {
    const which = /^\d+$/.test(name) ? { id: Number(name) } : { traceId: name };
    const { item } = await rpc.call("requestlog/read", which);
    return { item, accounts: (await rpc.call("account/list")).items };
  });
  if (item === null) throw new CommandError(words.noSuchRequest(name), exitCodes.notFound);
  const labels = new Map(accounts.map(({ id, label }) => [id, label]));
  context.print(item, () => story(item, (id) => shown(labels.get(id) ?? id), words));
  return exitCodes.done;
};

function story(item: Request, names: Names, words: Words): string[] {
  const { language } = words;
  const steps = [
    [ms(0), words.steps.received, `${item.method} ${shown(item.requestPath)} ${models(item)}`],
    ...item.skipped.map((skip) => [
      "",
      words.steps.passedOver,
      `${names(skip.accountId)}: ${skipSentence(skip.reason, language, skip.until === null ? null : shownTime(skip.until))}`,
    ]),
    ...item.attempts.flatMap((attempt) => attemptSteps(attempt, names, words)),
    ...(item.commitMs === null ? [] : [[ms(item.commitMs), words.steps.committed, ""]]),
    ...item.lost.map((part) => ["", words.steps.lost, lostSentence(part, language)]),
    ...(item.isPaidFallback ? [["", words.steps.paid, words.paidFallback]] : []),
    [ms(item.durationMs), words.steps.settled, ending(item, words)],
  ];
  return [words.requestHead(item.traceId, shownTime(item.createdAt)), formatTable(["MS", "", ""], steps)];
}

/** What was asked for, and what that became. */
function models({ clientModel, model }: Request): string {
  return model === null || model === clientModel ? shown(clientModel) : `${shown(clientModel)} → ${shown(model)}`;
}

function attemptSteps(attempt: Attempt, names: Names, words: Words): string[][] {
  const { startedMs, waitedMs, tookMs, code, status, reason } = attempt;
  const came = code === null ? words.served(status ?? 0) : failureSentence(code, words.language);
  const why = routeSentence(reason, words.language);
  return [
    ...(waitedMs > 0 ? [[ms(startedMs - waitedMs), words.steps.waited, words.forMs(waitedMs)]] : []),
    [ms(startedMs), words.steps.asked, `${names(attempt.accountId)}: ${why}`],
    ["", "", `${came} (${words.forMs(tookMs)})`],
  ];
}

function ending({ statusCode, errorCode, inputTokens, outputTokens }: Request, { language }: Words): string {
  const status = String(statusCode ?? "");
  if (errorCode !== null) return `${status} ${failureSentence(errorCode, language)}`;
  return `${status} ${inputTokens ?? "-"} → ${outputTokens ?? "-"}`;
}

function ms(value: number): string {
  return String(value);
}
