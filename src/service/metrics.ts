// The numbers behind /metrics, under the original's names. They are plain counters; the Prometheus library is loaded with the
// first scrape.

import type { Registry } from "prom-client";

import type { GatewayMetrics, RequestEnd } from "../gateway/ports.ts";
import { Histogram } from "./histogram.ts";

const TOTALS = {
  gateway_requests_total: "Gateway requests",
  gateway_failover_attempts_total: "Times a request went on to another account",
  gateway_cooldown_marks_total: "Times an account was put into a cool-down",
  gateway_upstream_attempt_duration_milliseconds_total: "Time spent in upstream attempts",
  gateway_upstream_attempt_duration_milliseconds_count: "Upstream attempts",
  gateway_upstream_attempt_errors_total: "Upstream attempts that failed",
  rpc_requests_total: "RPC calls",
  rpc_requests_failed_total: "RPC calls that failed",
  rpc_request_duration_milliseconds_total: "Time spent in RPC calls",
  rpc_request_duration_milliseconds_count: "RPC calls timed",
  usage_refresh_attempts_total: "Quota readings asked for",
  usage_refresh_success_total: "Quota readings taken",
  usage_refresh_failures_total: "Quota readings that failed",
  usage_refresh_duration_milliseconds_total: "Time spent reading quotas",
  usage_refresh_duration_milliseconds_count: "Rounds of quota readings",
  db_errors_total: "Database errors",
  db_busy_total: "Times the database was busy",
  http_queue_enqueue_failures_total: "Requests a full queue turned away; there are no queues, so always 0",
} as const;

const LEVELS = {
  gateway_requests_active: "Gateway requests running",
  gateway_account_inflight_total: "Requests running on accounts",
  http_queue_capacity: "There are no queues, so always 0",
  http_queue_depth: "There are no queues, so always 0",
  http_stream_queue_capacity: "There are no queues, so always 0",
  http_stream_queue_depth: "There are no queues, so always 0",
} as const;

const DURATIONS = {
  gateway_added_latency_milliseconds:
    "What the gateway itself took before it asked an upstream, without waiting on purpose",
  gateway_first_byte_milliseconds: "From the request's arrival to the first byte for the client",
  gateway_request_duration_milliseconds: "From the request's arrival to its end",
} as const;

const LABELED = "gateway_requests_labeled_total";
const PREFIX = "codexmanager_";

/** Paths are the client's to choose; past this many label sets they count as one. */
const MOST_LABELS = 500;

type Total = keyof typeof TOTALS;
type Level = keyof typeof LEVELS;
type Duration = keyof typeof DURATIONS;

export class Metrics implements GatewayMetrics {
  readonly #values = new Map<Total | Level, number>();
  readonly #labeled = new Map<string, { labels: Record<string, string>; count: number }>();
  readonly #durations: Readonly<Record<Duration, Histogram>> = {
    gateway_added_latency_milliseconds: new Histogram(),
    gateway_first_byte_milliseconds: new Histogram(),
    gateway_request_duration_milliseconds: new Histogram(),
  };
  #registry: Registry | null = null;

  add(name: Total | Level, by = 1): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + by);
  }

  requestStarted(): void {
    this.add("gateway_requests_total");
    this.add("gateway_requests_active");
  }

  requestEnded({ path, protocol, status, durationMs, firstByteMs, addedMs }: RequestEnd): void {
    this.add("gateway_requests_active", -1);
    this.#durations.gateway_request_duration_milliseconds.observe(durationMs);
    if (firstByteMs !== null) this.#durations.gateway_first_byte_milliseconds.observe(firstByteMs);
    if (addedMs !== null) this.#durations.gateway_added_latency_milliseconds.observe(addedMs);
    const route = this.#labeled.size < MOST_LABELS ? path : "other";
    const labels = { route, status_class: `${Math.floor(status / 100)}xx`, protocol };
    const key = Object.values(labels).join("\n");
    const counted = this.#labeled.get(key);
    if (counted) counted.count += 1;
    else this.#labeled.set(key, { labels, count: 1 });
  }

  attemptEnded({ tookMs, isFault }: { tookMs: number; isFault: boolean }): void {
    this.add("gateway_upstream_attempt_duration_milliseconds_total", tookMs);
    this.add("gateway_upstream_attempt_duration_milliseconds_count");
    if (isFault) this.add("gateway_upstream_attempt_errors_total");
  }

  failedOver(): void {
    this.add("gateway_failover_attempts_total");
  }

  cooldownMarked(): void {
    this.add("gateway_cooldown_marks_total");
  }

  inflightChanged(by: 1 | -1): void {
    this.add("gateway_account_inflight_total", by);
  }

  rpcEnded({ tookMs, isFailed }: { tookMs: number; isFailed: boolean }): void {
    this.add("rpc_requests_total");
    if (isFailed) this.add("rpc_requests_failed_total");
    this.add("rpc_request_duration_milliseconds_total", tookMs);
    this.add("rpc_request_duration_milliseconds_count");
  }

  usageRefreshed({ successes, failures, tookMs }: { successes: number; failures: number; tookMs: number }): void {
    this.add("usage_refresh_attempts_total", successes + failures);
    this.add("usage_refresh_success_total", successes);
    this.add("usage_refresh_failures_total", failures);
    this.add("usage_refresh_duration_milliseconds_total", tookMs);
    this.add("usage_refresh_duration_milliseconds_count");
  }

  /** Prometheus text format 0.0.4. */
  async text(): Promise<string> {
    this.#registry ??= await this.#createRegistry();
    const durations = Object.entries(DURATIONS) as [Duration, string][];
    const histograms = durations.map(([name, help]) => this.#durations[name].text(PREFIX + name, help));
    return (await this.#registry.metrics()) + histograms.join("");
  }

  async #createRegistry(): Promise<Registry> {
    const { Counter, Gauge, Registry } = await import("prom-client");
    const registers = [new Registry()];
    const valueOf = (name: Total | Level) => this.#values.get(name) ?? 0;
    const labeled = this.#labeled;
    for (const [name, help] of Object.entries(TOTALS) as [Total, string][]) {
      const collect = function (this: InstanceType<typeof Counter>) {
        this.reset();
        this.inc(valueOf(name));
      };
      void new Counter({ name: PREFIX + name, help, registers, collect });
    }
    for (const [name, help] of Object.entries(LEVELS) as [Level, string][]) {
      const collect = function (this: InstanceType<typeof Gauge>) {
        this.set(valueOf(name));
      };
      void new Gauge({ name: PREFIX + name, help, registers, collect });
    }
    const labelNames = ["route", "status_class", "protocol"];
    const collect = function (this: InstanceType<typeof Counter>) {
      this.reset();
      for (const { labels, count } of labeled.values()) this.inc(labels, count);
    };
    void new Counter({ name: PREFIX + LABELED, help: "Gateway requests by route", labelNames, registers, collect });
    return registers[0] as Registry;
  }
}
