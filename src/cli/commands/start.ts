import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { openBrowser } from "../open-browser.ts";
import { addressFlags, announceWeb, runProduct } from "../service-process.ts";
import { takeSignals, untilStopped } from "../until-stopped.ts";

export const run: Run = async (context, _args, options) => {
  const signals = takeSignals(context);
  const { service, web, stop } = await runProduct(context, context.settings(addressFlags(options)));
  announceWeb(context, web);
  if (service.core.settings.current.web.opensBrowser) openBrowser(context.terminal, web.url);
  await untilStopped(signals, { whenAsked: [service.whenAsked, web.whenAsked], stop });
  return exitCodes.done;
};
