// A service of its own process that is killed while it renews a login, and started again on the same data directory.
// Whatever the moment, the tokens the issuer gave must be there afterwards.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { demoVariables } from "../../src/cli/demo-upstream.ts";
import type { DemoAccount, World } from "../../src/demo/index.ts";
import { startWorld } from "../../src/demo/index.ts";
import { pause, systemClock } from "../../src/kit/clock.ts";
import type { Child } from "../e2e/child-process.ts";
import { startChild, urlIn } from "../e2e/child-process.ts";
import type { TurnEnd } from "../gateway/turn.ts";
import { sendTurn } from "../gateway/turn.ts";
import { Leftovers } from "./leftovers.ts";
import { rpcAt } from "./rpc.ts";
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

export async function startKilledService(random: Seeded): Promise<KilledService> {
  const service = new KilledService(await startWorld({ revokesFamilyOnReuse: true }), random);
  await service.open();
  return service;
}

export class KilledService {
  readonly #world: World;
  readonly #account: DemoAccount;
  readonly #random: Seeded;
  readonly #directory = mkdtempSync(join(tmpdir(), "cxm-kill-"));
  readonly #leftovers = new Leftovers();
  #child: Child | null = null;
  #url = "";
  #key = "";

  constructor(world: World, random: Seeded) {
    this.#world = world;
    this.#account = world.addAccount({ name: "ann" });
    this.#random = random;
  }

  async open(): Promise<void> {
    await this.#start();
    const token = readFileSync(join(this.#directory, "codexmanager.rpc-token"), "utf8");
    const rpc = rpcAt(() => ({ url: this.#url, token }));
    await rpc("account/import", { contents: [JSON.stringify(this.#account.authJson())] });
    this.#key = (await rpc("apikey/create")).key;
  }

  /** One killing and restart. Throws when the restarted service does not serve, or did not keep the newest tokens. */
  async strike(moment: Moment): Promise<void> {
    const account = this.#account;
    const refreshes = account.refreshes + 1;
    this.#world.forgetRequests();
    account.invalidateAccessTokens();
    if (moment === "at any time") await this.#killAtAnyTime();
    else await this.#killDuringExchange(moment);
    await this.#start();
    const end = await this.#turn();
    if (!end.isComplete) throw new Error(`the restarted service answered ${end.status}: ${end.text}`);
    const refused = this.#world.requests.filter(({ path, status }) => path === "/oauth/token" && status !== 200);
    if (refused.length > 0) throw new Error(`the issuer refused ${refused.length} refresh tokens`);
    if (account.refreshes !== refreshes) throw new Error(`renewed ${account.refreshes - refreshes} times too often`);
  }

  async close(): Promise<void> {
    this.#child?.process.kill("SIGTERM");
    await this.#child?.ended;
    await this.#leftovers.gone();
    await this.#world.close();
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #killAtAnyTime(): Promise<void> {
    const lost = this.#turn().catch(() => null);
    await pause(systemClock, this.#random.below(wholeRenewalMs));
    await this.#kill();
    await lost;
  }

  async #killDuringExchange(moment: Exclude<Moment, "at any time">): Promise<void> {
    const hold = this.#account.hold("token");
    const asked = this.#world.nextRequest(({ path }) => path === "/oauth/token");
    const lost = this.#turn().catch(() => null);
    await hold.arrived;
    if (moment === "while the issuer holds the request") {
      await this.#kill();
      hold.release();
    } else {
      const letGo = moment === "between the answer and the disk" ? this.#holdDisk() : () => {};
      hold.release();
      await (
        await asked
      ).closed;
      await this.#kill();
      letGo();
    }
    await lost;
  }

  /** Holds the store's write lock, so that the new tokens cannot be written before it is let go, a moment later. */
  #holdDisk(): () => void {
    const store = new DatabaseSync(join(this.#directory, "codexmanager.db"), { timeout: 5_000 });
    store.exec("begin immediate");
    return () => void pause(systemClock, this.#random.below(longestLockMs)).then(() => store.close());
  }

  async #start(): Promise<void> {
    const env = { ...demoVariables(this.#world), CODEXMANAGER_DATA_DIR: this.#directory };
    this.#child = startChild(["service", "--service-addr", "localhost:0"], env);
    this.#url = urlIn(await this.#child.line(/listening/));
  }

  async #kill(): Promise<void> {
    this.#leftovers.note(this.#child?.process.pid);
    this.#child?.process.kill("SIGKILL");
    await this.#child?.ended;
  }

  #turn(): Promise<TurnEnd> {
    return sendTurn(this.#url, { headers: { authorization: `Bearer ${this.#key}` } });
  }
}
