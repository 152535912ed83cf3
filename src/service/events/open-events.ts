// Where events come from: everything of an opened core that changes while somebody looks, put into one hub; and the notices that
// follow from the pool.

import { randomBytes } from "node:crypto";

import { accountItem } from "../../admin/handlers/account.ts";
import { jobItem } from "../../admin/handlers/jobs.ts";
import { usageItem } from "../../admin/handlers/usage.ts";
import { toSeconds } from "../../admin/handler.ts";
import type { Payload } from "../../contract/events.ts";
import type { RequestRow } from "../../contract/request-row.ts";
import type { JobStatus } from "../../jobs/job.ts";
import { usualTerms } from "../../pool/availability.ts";
import type { PoolSight } from "../../pool/notices.ts";
import { poolSight } from "../../pool/notices.ts";
import { usageSnapshot } from "../../usage/availability.ts";
import type { Core } from "../open-core.ts";
import { version } from "../version.ts";
import { EventHub } from "./event-hub.ts";
import type { StreamEvents } from "./event-stream.ts";
import { streamEvents } from "./event-stream.ts";
import { Notices } from "./notices.ts";
import { isSameState, PoolWatch } from "./pool-watch.ts";

export interface Events {
  readonly stream: StreamEvents;
  readonly notices: Notices;
  requestEnded(row: RequestRow): void;
  jobChanged(status: JobStatus): void;
  /** Ends all streams at once. */
  close(): void;
}

type EventCore = Pick<Core, "clock" | "log" | "settings" | "source" | "keySource">;

export function openEvents(core: EventCore): Events {
  const { clock, log, settings } = core;
  const hub = new EventHub({ clock, version, startId: randomBytes(4).toString("hex"), onIdle: restIfUnwanted });
  const notices = new Notices({
    clock,
    log,
    settings: () => settings.current,
    onNotice: (notice) => hub.publish("notice", null, () => ({ notice })),
  });
  const watch = createWatch(core, hub, notices);
  const stream = streamEvents(hub, clock);

  /** The pool is watched while somebody listens, or notices are to be given. */
  function restIfUnwanted(): void {
    if (!settings.current.notices.isEnabled && !hub.isWanted) watch.stop();
  }

  function reviewNotices(): void {
    if (!settings.current.notices.isEnabled) return restIfUnwanted();
    watch.start();
    notices.begin(poolSight(watch.sights.values(), clock.now()));
  }

  reviewNotices();
  const unsubscribe = [
    ...listenToPool(core, hub, watch),
    core.keySource.onChange((id, isRemoved) => hub.publish("key/changed", id, () => ({ id, isRemoved }))),
    settings.onChange((_, key) => {
      const needsRestart = settings.pendingRestart.includes(key);
      hub.publish("settings/changed", key, () => ({ key, needsRestart }));
      if (key === "routing.manualAccountId") tellPool(core, hub, watch);
      if (key === "notices.isEnabled") reviewNotices();
    }),
  ];
  return {
    stream(lastEventId, response) {
      if (!hub.isClosed) watch.start();
      return stream(lastEventId, response);
    },
    notices,
    requestEnded(row) {
      if (!hub.isWanted) return;
      const request = inBrief(row);
      hub.publish("request/finished", null, () => ({ request }));
    },
    jobChanged: (status) => hub.publish("jobs/changed", status.name, () => ({ item: jobItem(status) })),
    close() {
      for (const leave of unsubscribe) leave();
      watch.stop();
      notices.stop();
      hub.close();
    },
  };
}

function listenToPool(core: EventCore, hub: EventHub, watch: PoolWatch): (() => void)[] {
  const { source } = core;
  return [
    source.onChange((id) => {
      tellAccount(core, hub, id);
      watch.touch(id);
    }),
    source.onFacts(({ id, facts }, before) => {
      if (facts.reading !== before.reading) tellUsage(core, hub, id);
      watch.touch(id);
    }),
  ];
}

function createWatch(core: EventCore, hub: EventHub, notices: Notices): PoolWatch {
  let told = "";
  const watch: PoolWatch = new PoolWatch({
    clock: core.clock,
    source: core.source,
    onLook(changes, sights) {
      for (const { id, before, after } of changes) {
        // Whether it is there at all is told by the source.
        if (before !== null && after !== null && !isSameState(before, after)) tellAccount(core, hub, id);
      }
      const pool = poolSight(sights.values(), core.clock.now());
      notices.look(changes, pool);
      const counts = JSON.stringify([pool.byState, pool.firstBackAt]);
      if (counts !== told) tellPool(core, hub, watch);
      told = counts;
    },
  });
  return watch;
}

function tellAccount({ source, clock }: EventCore, hub: EventHub, id: string): void {
  hub.publish("account/changed", id, () => {
    const [account, record] = [source.find(id), source.record(id)];
    if (account === null || record === null) return { id, item: null };
    return { id, item: accountItem({ ...record, facts: account.facts }, clock.now()) };
  });
}

function tellUsage({ source, clock }: EventCore, hub: EventHub, id: string): void {
  hub.publish("usage/changed", id, () => {
    const account = source.find(id);
    const snapshot = account && usageSnapshot(account, { ...usualTerms, now: clock.now() });
    return { id, item: snapshot && usageItem(snapshot) };
  });
}

function tellPool({ settings, clock }: EventCore, hub: EventHub, watch: PoolWatch): void {
  hub.publish("pool/changed", "", () => {
    const pool: PoolSight = poolSight(watch.sights.values(), clock.now());
    const { manualAccountId } = settings.current.routing;
    return { byState: pool.byState, manualAccountId, firstBackAt: toSeconds(pool.firstBackAt) };
  });
}

function inBrief(row: RequestRow): Payload<"request/finished">["request"] {
  return {
    traceId: row.traceId,
    createdAt: toSeconds(row.createdAt),
    accountId: row.accountId,
    keyId: row.keyId,
    model: row.model,
    statusCode: row.statusCode,
    errorCode: row.errorCode,
    inputTokens: row.inputTokens,
    cachedInputTokens: row.cachedInputTokens,
    outputTokens: row.outputTokens,
    totalTokens: row.totalTokens,
    costMicroUsd: row.costMicroUsd,
    durationMs: row.durationMs,
    firstByteMs: row.firstByteMs,
    routeReason: row.routeReason,
    attemptCount: row.attempts.length,
  };
}
