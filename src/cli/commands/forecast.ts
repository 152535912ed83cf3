import { stateWord } from "../../contract/reasons.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown, shownTime } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Words } from "../words/en.ts";

type Forecast = ResultOf<"pool/forecast">;

export const run: Run = async (context) => {
  const forecast = await withRpc(context, (rpc) => rpc.call("pool/forecast"));
  context.print(forecast, () => lines(forecast, context.words));
  return exitCodes.done;
};

function lines({ pool, accounts, capacityReturnsAt }: Forecast, words: Words): string[] {
  if (pool.length === 0) return [words.noReadings];
  const { window, left, outlook, account, state } = words.columns;
  const whole = pool.map((each) => [
    span(each.windowMinutes),
    `${Math.round(each.remainingPercent)}%`,
    words.outlooks[each.outlook](shownTime(each.runsDryAt)),
  ]);
  const single = accounts.flatMap((each) =>
    each.windows.map(({ windowMinutes, usedPercent, outlook: expected, runsDryAt }) => [
      shown(each.label),
      stateWord(each.state, words.language),
      span(windowMinutes),
      `${Math.round(100 - usedPercent)}%`,
      words.outlooks[expected](shownTime(runsDryAt)),
    ]),
  );
  return [
    formatTable([window, left, outlook], whole),
    ...(capacityReturnsAt === null ? [] : [words.firstBack(shownTime(capacityReturnsAt))]),
    "",
    formatTable([account, state, window, left, outlook], single),
  ];
}

/** Whole days or hours where they are whole. */
function span(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
