import { getLiveness, getMetrics, getReadiness } from "@croft/api";
import { RawReply, type Route, route } from "@croft/http";

/** One sentence on what a part lacks, or undefined where it can do its work. */
export type PartHealth = () => Promise<string | undefined>;

export type HealthDeps = {
  readonly parts: { readonly [part: string]: PartHealth };
  readonly metricsText: () => Promise<string>;
};

/** What those who watch over the server ask. */
export function healthRoutes({ parts, metricsText }: HealthDeps): Route[] {
  return [
    route(getLiveness, async () => ({ alive: true as const })),
    route(getReadiness, async () => {
      const states: { [part: string]: string } = {};
      let ready = true;
      for (const [part, health] of Object.entries(parts)) {
        const lack = await health();
        states[part] = lack ?? "ready";
        if (lack !== undefined) ready = false;
      }
      const body = JSON.stringify({ ready, parts: states });
      return new RawReply({ status: ready ? 200 : 503, headers: { "content-type": "application/json" }, body });
    }),
    route(getMetrics, async () => {
      const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
      return new RawReply({ headers, body: await metricsText() });
    }),
  ];
}
