// A service of its own process that is killed while it renews a login, and started again on the same data directory.
// Whatever the moment, the tokens the issuer gave must be there afterwards.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { demoVariables } from "../../src/cli/demo-upstream.ts";
import { TOKEN_HEADER } from "../../src/contract/rpc/envelope.ts";
import { startWorld } from "../../src/demo/index.ts";
import { pause, systemClock } from "../../src/kit/clock.ts";
import type { Child } from "../e2e/child-process.ts";
import { startChild, urlIn } from "../e2e/child-process.ts";
import { sendTurn } from "../gateway/turn.ts";
import { Leftovers } from "./leftovers.ts";
import type { Seeded } from "./seeded.ts";

/** When the service is killed. */
export const moments = [
  "while the issuer holds the request",
  "right after the issuer has answered",
  "between the answer and the disk",
  "at any time",
] as const;
export type Moment = (typeof moments)[number];

/** A renewal takes less than this, the start of its process included. */
const wholeRenewalMs = 900;
const longestLockMs = 300;

export interface KilledService {
  /** One killing and restart. Throws when the restarted service does not serve, or did not keep the newest tokens. */
  strike(moment: Moment): Promise<void>;
  close(): Promise<void>;
}

export async function startKilledService(random: Seeded): Promise<KilledService> {
  const world = await startWorld({ revokesFamilyOnReuse: true });
  const account = world.addAccount({ name: "ann" });
  const directory = mkdtempSync(join(tmpdir(), "cxm-kill-"));
  const leftovers = new Leftovers();
  const env = { ...demoVariables(world), CODEXMANAGER_DATA_DIR: directory };
  let child: Child;
  let url: string;

  async function start(): Promise<void> {
    child = startChild(["service", "--service-addr", "localhost:0"], env);
    url = urlIn(await child.line(/listening/));
  }

  async function rpc<R>(method: string, params: unknown = {}): Promise<R> {
    const token = readFileSync(join(directory, "codexmanager.rpc-token"), "utf8");
    const headers = { "content-type": "application/json", [TOKEN_HEADER]: token };
    const body = JSON.stringify({ id: 1, method, params });
    return ((await (await fetch(`${url}/rpc`, { method: "POST", headers, body })).json()) as { result: R }).result;
  }

  async function kill(): Promise<void> {
    leftovers.note(child.process.pid);
    child.process.kill("SIGKILL");
    await child.ended;
  }

  await start();
  await rpc("account/import", { contents: [JSON.stringify(account.authJson())] });
  const { key } = await rpc<{ key: string }>("apikey/create");
  const turn = () => sendTurn(url, { headers: { authorization: `Bearer ${key}` } });

  /** Holds the store's write lock for a while after the kill, so that the new tokens cannot be written before it. */
  async function killBeforeCommit(release: () => Promise<unknown>): Promise<void> {
    const store = new DatabaseSync(join(directory, "codexmanager.db"), { timeout: 5_000 });
    store.exec("begin immediate");
    await release();
    await kill();
    void pause(systemClock, random.below(longestLockMs)).then(() => store.close());
  }

  async function killAt(moment: Moment): Promise<void> {
    if (moment === "at any time") {
      await new Promise((resolve) => setTimeout(resolve, random.below(wholeRenewalMs)));
      return kill();
    }
    const hold = account.hold("token");
    const asked = world.nextRequest(({ path }) => path === "/oauth/token");
    const lost = turn().catch(() => null);
    await hold.arrived;
    const answer = async () => {
      hold.release();
      await (
        await asked
      ).closed;
    };
    if (moment === "while the issuer holds the request") {
      await kill();
      hold.release();
    } else if (moment === "between the answer and the disk") {
      await killBeforeCommit(answer);
    } else {
      await answer();
      await kill();
    }
    await lost;
  }

  return {
    async strike(moment) {
      world.forgetRequests();
      const refreshes = account.refreshes + 1;
      account.invalidateAccessTokens();
      const lost = moment === "at any time" ? turn().catch(() => null) : null;
      await killAt(moment);
      await lost;
      await start();
      const end = await turn();
      if (!end.isComplete) throw new Error(`the restarted service answered ${end.status}: ${end.text}`);
      const refused = world.requests.filter(({ path, status }) => path === "/oauth/token" && status !== 200);
      if (refused.length > 0) throw new Error(`the issuer refused ${refused.length} refresh tokens`);
      if (account.refreshes !== refreshes) throw new Error(`renewed ${account.refreshes - refreshes} times too often`);
    },
    async close() {
      child.process.kill("SIGTERM");
      await child.ended;
      await leftovers.gone();
      await world.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
