import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { addressFlags, runService } from "../service-process.ts";
import { untilStopped } from "../until-stopped.ts";

export const run: Run = async (context, _args, options) => {
  const { service, stop } = await runService(context, context.settings(addressFlags(options)));
  await untilStopped(context, { whenAsked: [service.whenAsked], stop });
  return exitCodes.done;
};
