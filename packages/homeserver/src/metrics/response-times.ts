import type { Answered } from "@croft/http";

/** Upper bounds in seconds; the last bucket is everything. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

type Series = { readonly buckets: number[]; count: number; seconds: number };

/** One value of a metric as prom-client's registry takes it. */
export type MetricValue = {
  readonly metricName: string;
  readonly labels: { readonly [label: string]: string };
  readonly value: number;
};

/** Counts answers by endpoint and status in a histogram of their times; as many series as there are such pairs. */
export class ResponseTimes {
  readonly #series = new Map<string, Series>();

  readonly add = ({ method, operationId = "unknown", status, seconds }: Answered): void => {
    const known = operationId === "unknown" && !METHODS.has(method) ? "other" : method;
    const key = `${known} ${operationId} ${status}`;
    let series = this.#series.get(key);
    if (!series) {
      series = { buckets: BOUNDS.map(() => 0), count: 0, seconds: 0 };
      this.#series.set(key, series);
    }
    series.count++;
    series.seconds += seconds;
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) series.buckets[bucket] = series.buckets[bucket]! + 1;
  };

  /** The histogram's values under `name`, cumulative as Prometheus wants them. */
  values(name: string): MetricValue[] {
    const values: MetricValue[] = [];
    for (const [key, { buckets, count, seconds }] of this.#series) {
      const [method = "", servlet = "", code = ""] = key.split(" ");
      const labels = { method, servlet, code };
      let below = 0;
      for (const [index, bound] of BOUNDS.entries()) {
        below += buckets[index]!;
        values.push({ metricName: `${name}_bucket`, labels: { ...labels, le: String(bound) }, value: below });
      }
      values.push({ metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count });
      values.push({ metricName: `${name}_sum`, labels, value: seconds });
      values.push({ metricName: `${name}_count`, labels, value: count });
    }
    return values;
  }

  /** How often each was answered, under `name`. */
  counts(name: string): MetricValue[] {
    return [...this.#series].map(([key, { count }]) => {
      const [method = "", servlet = "", code = ""] = key.split(" ");
      return { metricName: name, labels: { method, servlet, code }, value: count };
    });
  }
}

/** What a caller may write there is unbounded. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);
