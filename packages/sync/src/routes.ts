import * as api from "@croft/api";
import { jsonText, type Route, route } from "@croft/http";
import { type SyncDeps, sync } from "./classic-sync/sync.ts";

export const syncRoutes = (deps: SyncDeps): Route[] => [
  route(api.sync, async (request) => {
    const { query, requester } = request;
    const unstable = query["org.matrix.msc4222.use_state_after"] ? "org.matrix.msc4222.state_after" : undefined;
    return jsonText(
      await sync(deps, {
        userId: requester.userId,
        deviceId: requester.deviceId,
        since: query.since,
        filter: query.filter,
        fullState: query.full_state,
        stateAfter: query.use_state_after ? "state_after" : unstable,
        timeout: query.timeout,
        signal: () => request.signal,
      }),
    );
  }),
];
