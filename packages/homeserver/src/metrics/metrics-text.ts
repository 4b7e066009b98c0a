import type { OpenStorage } from "@croft/storage";
import type { Registry } from "prom-client";
import type { MetricValue, ResponseTimes } from "./response-times.ts";

export type MetricsDeps = {
  readonly responseTimes: ResponseTimes;
  readonly inFlight: () => number;
  readonly storage: Pick<OpenStorage, "metrics">;
  readonly version: string;
};

/** A metric that is counted elsewhere and only read when Prometheus asks. */
type ReadMetric = {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly values: () => MetricValue[];
};

/**
 * Prometheus' text, under Synapse's names where the meaning is the same. The library is loaded at the first scrape:
 * a server that nobody watches does not pay for it.
 */
export function metricsText(deps: MetricsDeps): () => Promise<string> {
  let registry: Promise<Registry> | undefined;
  return async () => {
    registry ??= buildRegistry(deps);
    return (await registry).metrics();
  };
}

async function buildRegistry(deps: MetricsDeps): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of readMetrics(deps)) {
    const { name, help, type, values } = metric;
    const source = { name, get: async () => ({ name, help, type, values: values(), aggregator: "sum" }) };
    // A registry takes whatever has a name and `get`; its types know only its own classes.
    registry.registerMetric(source as unknown as Parameters<Registry["registerMetric"]>[0]);
  }
  return registry;
}

function readMetrics({ responseTimes, inFlight, storage, version }: MetricsDeps): ReadMetric[] {
  const one = (metricName: string, value: number, labels = {}): MetricValue[] => [{ metricName, labels, value }];
  const storageCounter = (name: string, help: string, field: keyof ReturnType<OpenStorage["metrics"]>): ReadMetric => ({
    name,
    help,
    type: "counter",
    values: () => one(name, storage.metrics()[field]),
  });
  const responses = "synapse_http_server_response_count";
  const times = "synapse_http_server_response_time_seconds";
  const waiting = "synapse_http_server_in_flight_requests_count";
  const build = "croft_build_info";
  return [
    { name: responses, help: "Answers by endpoint", type: "counter", values: () => responseTimes.counts(responses) },
    { name: times, help: "Time to answer", type: "histogram", values: () => responseTimes.values(times) },
    { name: waiting, help: "Requests not yet answered", type: "gauge", values: () => one(waiting, inFlight()) },
    { name: build, help: "The version that runs", type: "gauge", values: () => one(build, 1, { version }) },
    storageCounter("croft_storage_writes_total", "Use cases committed", "written"),
    storageCounter("croft_storage_commits_total", "Transactions committed", "commits"),
    storageCounter("croft_storage_reruns_total", "Use cases that ran again for a failed guard", "reruns"),
  ];
}
