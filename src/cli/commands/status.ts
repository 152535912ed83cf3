import { stateWord } from "../../contract/reasons.ts";
import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

export const run: Run = async (context) => {
  const { words } = context;
  const status = await withRpc(context, (rpc) => rpc.call("system/status"));
  context.print(status, () => {
    const { serviceUrl, pid, webUrl, accounts, warnings, pendingRestart } = status;
    const states = Object.entries(accounts.byState).map(
      ([state, count]) => `${stateWord(state, words.language)} ${count}`,
    );
    return [
      serviceUrl === null || pid === null ? words.noService : words.serviceRuns(serviceUrl, pid),
      ...(webUrl === null ? [] : [words.webRuns(webUrl)]),
      words.dataIn(status.dataDirectory),
      words.accountCounts(accounts.total, states.join(", ")),
      words.keyCount(status.platformKeys),
      ...warnings.map((warning) => words.warning(shown(warning))),
      ...(pendingRestart.length === 0 ? [] : [words.pendingRestart(pendingRestart.join(", "))]),
    ];
  });
  return exitCodes.done;
};
