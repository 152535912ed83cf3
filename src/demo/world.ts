// The simulated upstream world: one loopback server that plays the ChatGPT backend, the issuer and the OpenAI API.
// It shares no code with the formats it is spoken to in; what it refuses is what the real hosts refuse.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../kit/clock.ts";
import type { AccountOptions, DemoAccount } from "./account.ts";
import { accountControls, faultControls } from "./controls.ts";
import { createState } from "./create-state.ts";
import type { Fault, FaultTarget, FaultTerms } from "./faults.ts";
import type { Hold } from "./hold.ts";
import { Recorder, type RecordedRequest, type RequestPredicate } from "./recorder.ts";
import { handleRequest } from "./router.ts";
import type { AnswerStyle } from "./world-state.ts";

export interface WorldOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** What the quota windows and token lives run on. */
  readonly clock?: Clock;
  readonly style?: Partial<AnswerStyle>;
  /** What the backend takes beyond what it is known to take. */
  readonly allow?: {
    readonly parameters?: readonly string[];
    readonly itemTypes?: readonly string[];
    readonly models?: readonly string[];
    /** Compaction blobs of other accounts: reports differ on whether they are taken. Default false. */
    readonly foreignCompaction?: boolean;
  };
  /** Whether a reused refresh token ends the whole sign-in it came from, as has been reported; default false. */
  readonly revokesFamilyOnReuse?: boolean;
  /** Bounds of `requests`: how many, and how many bytes of bodies. */
  readonly maxRequests?: number;
  readonly maxRecordedBytes?: number;
}

export interface World {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Stands for `https://auth.openai.com`. */
  readonly issuerUrl: string;
  /** Stands for `https://chatgpt.com/backend-api/codex`. */
  readonly chatgptUrl: string;
  /** Stands for `https://chatgpt.com/backend-api/wham/usage`. */
  readonly usageUrl: string;
  /** Stands for `https://api.openai.com/v1`. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly accounts: readonly DemoAccount[];
  /** What arrived, oldest first; bounded. */
  readonly requests: readonly RecordedRequest[];
  /** Sockets that are open now. */
  readonly openConnections: number;
  addAccount(options?: AccountOptions): DemoAccount;
  /** An OpenAI API key for `apiUrl`; the account it bills has `apiKey` set. */
  addApiKey(options?: AccountOptions): DemoAccount & { readonly apiKey: string };
  /** Queues a fault of the host: whoever asks next meets it, whatever the credential. */
  fail(fault: Fault, terms?: FaultTerms): void;
  clearFaults(target?: FaultTarget): void;
  /** The next request for the target, whoever sends it, waits until it is released. */
  hold(target?: FaultTarget): Hold;
  /** The first request, past or to come, that the predicate accepts. */
  waitForRequest(accepts?: RequestPredicate): Promise<RecordedRequest>;
  /** The first request after this call that the predicate accepts. */
  nextRequest(accepts?: RequestPredicate): Promise<RecordedRequest>;
  /** The recorded turns, of one account or of all. */
  turns(account?: DemoAccount): RecordedRequest[];
  forgetRequests(): void;
  /** Who signs in at `/oauth/authorize` from now on. */
  signInAs(account: DemoAccount): void;
  /** Approves a waiting device code; false when nobody waits with it. */
  approveDevice(userCode: string, account: DemoAccount): boolean;
  setDeviceSignIn(isEnabled: boolean): void;
  /** Breaks every connection and stops listening; connecting is then refused. */
  close(): Promise<void>;
}

const ALWAYS: RequestPredicate = () => true;
const TURN_PATHS: ReadonlySet<string> = new Set(["/backend-api/codex/responses", "/v1/responses"]);

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const state = createState(options);
  const recorder = new Recorder({
    maxRequests: options.maxRequests ?? 2_000,
    maxBytes: options.maxRecordedBytes ?? 128 * 1024 * 1024,
  });
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 });
  const sockets = new Set<object>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (request, response) => void handleRequest(request, response, { state, recorder }));
  const origin = await listen(server, options.port ?? 0);
  state.origin = origin;
  return {
    origin,
    issuerUrl: origin,
    chatgptUrl: `${origin}/backend-api/codex`,
    usageUrl: `${origin}/backend-api/wham/usage`,
    apiUrl: `${origin}/v1`,
    clock: state.clock,
    accounts: state.accounts,
    requests: recorder.requests,
    get openConnections() {
      return sockets.size;
    },
    ...accountControls(state),
    ...faultControls(state),
    waitForRequest: (accepts = ALWAYS) => recorder.wait(accepts),
    nextRequest: (accepts = ALWAYS) => recorder.waitForNext(accepts),
    turns: (account) =>
      recorder.requests.filter(
        (request) =>
          request.method === "POST" && TURN_PATHS.has(request.path) && (!account || request.account === account),
      ),
    forgetRequests: () => recorder.clear(),
    close: () => stop(server),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
