import { startWeb } from "../../service/web/start-web.ts";
import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { openBrowser } from "../open-browser.ts";
import { announceWeb, runService } from "../service-process.ts";
import { untilStopped } from "../until-stopped.ts";

export const run: Run = async (context, _args, options) => {
  const { service, stop: stopService } = await runService(context, options);
  const { core, url: serviceUrl, token, answer } = service;
  const settings = core.settings.current;
  const link = { answer, stop: () => service.stop() };
  const web = await startWeb({ settings, link, serviceUrl, token, clock: core.clock }).catch(async (error: unknown) => {
    await stopService();
    throw error;
  });
  await service.announceWeb(web.url);
  announceWeb(context, web);
  if (settings.web.opensBrowser) openBrowser(context.terminal, web.url);
  await untilStopped(context, {
    whenAsked: [service.whenAsked, web.whenAsked],
    async stop() {
      await web.stop();
      await stopService();
    },
  });
  return exitCodes.done;
};
