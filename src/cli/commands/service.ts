import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { runService } from "../service-process.ts";
import { untilStopped } from "../until-stopped.ts";

export const run: Run = async (context, _args, options) => {
  const { service, stop } = await runService(context, options);
  await untilStopped(context, { whenAsked: [service.whenAsked], stop });
  return exitCodes.done;
};
