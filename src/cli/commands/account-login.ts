import type { ResultOf } from "../../contract/rpc/table.ts";
import { pause } from "../../kit/clock.ts";
import { type Rpc, withRpc } from "../connect.ts";
import type { Context, Options, Run } from "../context.ts";
import { CommandError, shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAccount } from "../find-account.ts";
import { openBrowser } from "../open-browser.ts";

type Started = ResultOf<"account/login/start">;

const ASK_EVERY_MS = 500;

export const run: Run = async (context, [name], options) => {
  const { words } = context;
  const account = await withRpc(context, async (rpc) => {
    if (typeof options["paste"] === "string") return pasted(rpc, options["paste"]);
    const accountId = name === undefined ? null : (await findAccount(context, rpc, name)).id;
    return signIn(context, rpc, { accountId, options });
  });
  context.print(account, () => [account === null ? words.signInTaken : words.signedIn(shown(account.label))]);
  return exitCodes.done;
};

/** Another command waits for the sign-in and tells its end. */
async function pasted(rpc: Rpc, url: string): Promise<null> {
  await rpc.call("account/login/complete", { url });
  return null;
}

async function signIn(
  context: Context,
  rpc: Rpc,
  { accountId, options }: { readonly accountId: string | null; readonly options: Options },
) {
  const { terminal } = context;
  const type = options["code"] === true ? "device" : "chatgpt";
  const workspaceId = typeof options["workspace"] === "string" ? options["workspace"] : null;
  const started = await rpc.call("account/login/start", { type, accountId, workspaceId });
  const stopping = new AbortController();
  const close = terminal.onSignal(() => stopping.abort());
  try {
    tell(context, started);
    if (options["open"] !== false && started.device === null) openBrowser(terminal, started.authUrl);
    return await whenSignedIn(context, rpc, { loginId: started.loginId, signal: stopping.signal });
  } finally {
    close();
    if (stopping.signal.aborted) await rpc.call("account/login/cancel", { loginId: started.loginId });
  }
}

function tell({ words, terminal }: Context, { authUrl, device, warning }: Started): void {
  if (device === null) terminal.err(words.openThis(authUrl));
  else terminal.err(words.typeThis(device.userCode, device.verificationUrl));
  if (warning !== null) terminal.err(`${warning} cxm account login --paste <address>`);
}

/** A sign-in that fails tells why: the call itself then does. */
async function whenSignedIn(
  { terminal, words }: Context,
  rpc: Rpc,
  { loginId, signal }: { readonly loginId: string; readonly signal: AbortSignal },
) {
  for (;;) {
    const { status, accountId } = await rpc.call("account/login/status", { loginId });
    if (status === "success") {
      const { items } = await rpc.call("account/list");
      return items.find(({ id }) => id === accountId) ?? null;
    }
    if (status !== "pending") throw new CommandError(words.signInEnded, exitCodes.failed);
    await pause(terminal.clock, ASK_EVERY_MS, signal).catch(() => {
      throw new CommandError(words.signInEnded, exitCodes.failed);
    });
  }
}
