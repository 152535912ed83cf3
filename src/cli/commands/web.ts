import { httpUrl } from "../../service/listen.ts";
import { findInstance } from "../../service/instance.ts";
import { openRpcToken, rpcTokenPath } from "../../service/rpc-token.ts";
import type { StartSettings } from "../../service/settings/start-settings.ts";
import { httpLink } from "../../service/web/service-link.ts";
import { startWeb } from "../../service/web/start-web.ts";
import type { Run } from "../context.ts";
import { CommandError } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { openBrowser } from "../open-browser.ts";
import { addressFlags, announceWeb } from "../service-process.ts";
import type { OwnService } from "../spawn-service.ts";
import { isAnswering, spawnService } from "../spawn-service.ts";
import { takeSignals, untilStopped } from "../until-stopped.ts";

/** Settings stored in the database belong to the service; flags and environment say where this listener is. */
export const run: Run = async (context, _args, options) => {
  const signals = takeSignals(context);
  const { terminal, words } = context;
  const start = context.settings(addressFlags(options));
  const settings = start.resolved.values;
  const serviceUrl = await findService(start);
  let own: OwnService | null = null;
  if (settings.web.startsService && !(await isAnswering(serviceUrl))) {
    own = await spawnService(context, options, serviceUrl);
    if (own === null) throw new CommandError(words.serviceDidNotStart(serviceUrl), exitCodes.failed);
  }
  try {
    const token = await openRpcToken(settings.service.rpcToken, rpcTokenPath(start));
    const link = httpLink({ url: serviceUrl, token: async () => token });
    const web = await startWeb({
      settings,
      dataDirectory: start.dataDirectory,
      link,
      serviceUrl,
      token,
      clock: terminal.clock,
    });
    announceWeb(context, web);
    if (settings.web.opensBrowser) openBrowser(terminal, web.url);
    await untilStopped(signals, { whenAsked: [web.whenAsked], stop: () => web.stop() });
  } finally {
    await own?.stop();
  }
  return exitCodes.done;
};

/** Where the operator says, else where the service of this data directory says it is. */
async function findService({ resolved, databaseDirectory }: StartSettings): Promise<string> {
  const { sources, values } = resolved;
  const given = httpUrl(values.service.address);
  if (sources["service.address"] !== "default") return given;
  return (await findInstance(databaseDirectory))?.serviceUrl ?? given;
}
