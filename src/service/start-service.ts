// The service: core, gateway and listener put together, and taken apart again in order.

import { join } from "node:path";

import type { SignIns } from "../accounts/sign-in/sign-ins.ts";
import { isFailure } from "../gateway/failures.ts";
import { findKey } from "../gateway/admit.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { createGateway } from "../gateway/gateway.ts";
import { findTarget } from "../gateway/routes.ts";
import type { Runner } from "../jobs/runner.ts";
import { once } from "../kit/once.ts";
import type { Events } from "./events/open-events.ts";
import type { StreamEvents } from "./events/event-stream.ts";
import { openEvents } from "./events/open-events.ts";
import { boundBy } from "./guards/bound.ts";
import { HostGuard } from "./guards/hosts.ts";
import type { Listening } from "./listen.ts";
import { listen } from "./listen.ts";
import type { Core, CoreOptions } from "./open-core.ts";
import { openCore } from "./open-core.ts";
import type { AnswerRpc } from "./rpc-answer.ts";
import { answerRpc } from "./rpc-answer.ts";
import { poolMetrics } from "./pool-metrics.ts";
import { openRpcToken, rpcTokenPath } from "./rpc-token.ts";
import { serviceJobs } from "./service-jobs.ts";
import type { ServiceRoutes } from "./service-routes.ts";
import { serviceRoutes } from "./service-routes.ts";
import type { CallbackAnswer } from "./sign-in/callback-answer.ts";
import { openSignIns } from "./sign-in/open-sign-ins.ts";
import type { TraceFile } from "./trace-log.ts";
import { traceFile, traceMetrics } from "./trace-log.ts";
import { version } from "./version.ts";

export interface RunningService {
  /** `http://localhost:48760` */
  readonly url: string;
  readonly port: number;
  readonly core: Core;
  readonly token: string;
  /** RPC without HTTP, for a web listener in the same process. */
  readonly answer: AnswerRpc;
  /** The event stream, for the same. */
  readonly events: StreamEvents;
  /** Lets `status` and the command line know where the web listener is. */
  announceWeb(url: string | null): Promise<void>;
  /** Resolves when somebody who may has asked the service to stop; it is then for the caller to stop it. */
  readonly whenAsked: Promise<void>;
  /** Stops accepting, lets running streams finish within the grace, writes everything out. */
  readonly stop: () => Promise<void>;
}

/** Throws what `openCore` throws, and ListenError when the address cannot be listened on; nothing stays open then. */
export async function startService(options: CoreOptions): Promise<RunningService> {
  const core = await openCore(options);
  try {
    return await startOn(core);
  } catch (error) {
    await core.close();
    throw error;
  }
}

async function startOn(core: Core): Promise<RunningService> {
  const { settings, clock, instance, start } = core;
  const { service } = settings.current;
  const token = await openRpcToken(service.rpcToken, rpcTokenPath(start));
  const trace = openTrace(core);
  const events = openEvents(core);
  const gateway = await openGateway(core, trace, events);
  const jobs = serviceJobs(core, gateway, (status) => events.jobChanged(status));
  const addresses: { service: string | null; web: string | null } = { service: null, web: null };
  const startedAt = clock.now();
  const signIn = openSignIns(core);
  const admin = once(async () => {
    const { coreAdmin } = await import("./core-admin.ts");
    return coreAdmin(core, {
      models: async (isForced) => (await gateway.models(isForced)).map(toModelOption),
      process: () => ({ pid: process.pid, startedAt, serviceUrl: addresses.service, webUrl: addresses.web }),
      jobs: () => jobs.status(),
      signIns: signIn.signIns,
      explainRoute: (question) => gateway.explain(question),
      explainModel: (question) => gateway.explainModel(question),
      notices: { list: () => [...events.notices.list()], test: () => events.notices.test() },
      onEnd: (end) => core.metrics.rpcEnded(end),
    });
  });
  const answer = answerRpc(admin);
  const asked = Promise.withResolvers<void>();
  const routes = createRoutes(core, {
    gateway,
    trace,
    token,
    answer,
    events,
    onCallback: signIn.answer,
    onShutdown: asked.resolve,
  });
  const listening = await listen({ address: service.address, name: "the service", ...routes });

  async function announceWeb(url: string | null): Promise<void> {
    addresses.web = url;
    await instance.announce({ pid: process.pid, serviceUrl: listening.url, webUrl: url });
  }

  addresses.service = listening.url;
  await announceWeb(null);
  jobs.start();
  const stop = once(() => stopAll({ core, gateway, events, jobs, signIns: signIn.signIns, listening, trace }));
  return {
    url: listening.url,
    port: listening.port,
    core,
    token,
    answer,
    events: events.stream,
    announceWeb,
    whenAsked: asked.promise,
    stop,
  };
}

function openTrace({ start, settings, clock, log }: Core): TraceFile {
  return traceFile({
    path: join(start.databaseDirectory, "gateway-trace.log"),
    clock,
    capacity: settings.current.trace.queueCapacity,
    onError: (error) => log.error("the trace could not be written", { error }),
  });
}

function openGateway(core: Core, trace: TraceFile, events: Events): Promise<Gateway> {
  const { clock, settings, source, providers, store, tokens, keySource, requests, transport, metrics, log } = core;
  return createGateway({
    clock,
    settings: () => settings.current,
    accounts: { load: async () => source.list(), onChange: (listener) => source.onChange(listener) },
    facts: source,
    providers,
    tokens,
    bindings: store.bindings,
    keys: keySource,
    responses: store.responses,
    requests: {
      record(row) {
        requests.record(row);
        events.requestEnded(row);
      },
    },
    traceLog: trace,
    metrics,
    prices: { costMicroUsd: (...request) => core.prices.current.costMicroUsd(...request) },
    transport,
    version,
    reportBug: (error, traceId) => log.error("a request failed for a reason of our own", { error, traceId }),
  });
}

interface RouteParts {
  readonly gateway: Gateway;
  readonly trace: TraceFile;
  readonly token: string;
  readonly answer: AnswerRpc;
  readonly events: Events;
  readonly onCallback: CallbackAnswer;
  readonly onShutdown: () => void;
}

function createRoutes(
  core: Core,
  { gateway, trace, token, answer, events, onCallback, onShutdown }: RouteParts,
): ServiceRoutes {
  const { settings, keySource, metrics, clock, log } = core;
  const { address, allowedHosts, rpcMaxBodyBytes: maxBodyBytes } = settings.current.service;
  const bound = boundBy(address);
  const management = once(async () => {
    const { managementListener } = await import("./management.ts");
    return managementListener({
      token,
      answer,
      events: events.stream,
      maxBodyBytes,
      metrics: async () =>
        (await metrics.text()) + poolMetrics(gateway.pool.inOrder, clock.now()) + traceMetrics(trace),
      onShutdown,
    });
  });
  return serviceRoutes({
    gateway,
    hosts: new HostGuard({ boundHosts: bound.hosts, allowedHosts }),
    management,
    onCallback,
    showsKey: bound.isBeyondLoopback
      ? ({ url = "/", headers }) => !isFailure(findKey(findTarget(url).key, headers, keySource))
      : null,
    token,
    reportBug: (error) => log.error("a management request failed", { error }),
  });
}

interface Parts {
  readonly core: Core;
  readonly gateway: Gateway;
  readonly events: Events;
  readonly jobs: Runner;
  readonly signIns: SignIns;
  readonly listening: Listening;
  readonly trace: TraceFile;
}

async function stopAll({ core, gateway, events, jobs, signIns, listening, trace }: Parts): Promise<void> {
  listening.stopAccepting();
  await signIns.close();
  jobs.stop();
  events.close();
  await gateway.drain(core.settings.current.service.shutdownGraceSeconds * 1000);
  await listening.close();
  await trace.close();
  await core.close();
}

function toModelOption(row: { readonly slug: string; readonly [field: string]: unknown }) {
  const { slug, display_name: name } = row;
  return { slug, displayName: typeof name === "string" && name !== "" ? name : slug };
}
