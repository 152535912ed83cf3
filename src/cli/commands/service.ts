import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { addressFlags, runService } from "../service-process.ts";
import { takeSignals, untilStopped } from "../until-stopped.ts";

export const run: Run = async (context, _args, options) => {
  const signals = takeSignals(context);
  const { service, stop } = await runService(context, context.settings(addressFlags(options)));
  await untilStopped(signals, { whenAsked: [service.whenAsked], stop });
  return exitCodes.done;
};
