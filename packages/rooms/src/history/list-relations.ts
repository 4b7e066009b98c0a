import type { EventId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { clientEventTexts } from "../client-event/client-event-texts.ts";
import { ignoredUsers, isIgnored } from "../visibility/ignored-users.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import type { HistoryDeps, RoomQuestion } from "./history-deps.ts";
import { parsePaginationToken } from "./pagination-token.ts";
import { visibleRoomEvent } from "./room-event.ts";
import { tokenAfter, topologicalBounds } from "./topological-bounds.ts";
import { type NextEvents, visiblePage } from "./visible-page.ts";

const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 1000;
/** "Homeservers SHOULD traverse at least 3 levels of relationships." */
const RECURSION_DEPTH = 3;

export type ListRelationsDeps = HistoryDeps & { readonly storage: Storage<"relations"> };

export type ListRelationsArgs = RoomQuestion & {
  readonly eventId: EventId;
  readonly relType?: string | undefined;
  readonly eventType?: string | undefined;
  readonly dir?: "b" | "f" | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly recurse?: boolean | undefined;
};

/** The reply's JSON text. https://spec.matrix.org/v1.19/client-server-api/#relationships-api */
export async function listRelations(deps: ListRelationsDeps, args: ListRelationsArgs): Promise<string> {
  const { roomId, eventId, relType, eventType, recurse, dir: direction = "b" } = args;
  const { read } = deps.storage;
  const stateAt = new StateAtEvents(read);
  const from = args.from === undefined ? undefined : parsePaginationToken(args.from);
  const to = args.to === undefined ? undefined : parsePaginationToken(args.to);
  const [{ access }, ignored] = await Promise.all([
    visibleRoomEvent({ ...deps, stateAt }, args),
    ignoredUsers(deps, args.userId),
  ]);
  const upTo = Math.min(access.upTo, deps.storage.position());
  const bounds = await topologicalBounds(read, { roomId, direction, from, to, upTo });
  const question = { ...bounds, roomId, eventId, relType, eventType, direction };
  const levels = recurse === true ? RECURSION_DEPTH : 1;
  const nextEvents: NextEvents = async (after, limit) =>
    read.events.byIds(await read.relations.page({ ...question, levels, from: after, limit }));

  const { events, goOnAfter } = await visiblePage(
    { nextEvents, stateAt },
    {
      access,
      from: bounds.from,
      limit: Math.min(args.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
      wanted: (event) => !isIgnored(event, ignored),
    },
  );
  const reader = { ...access, deviceId: args.deviceId };
  const now = deps.clock.now();
  const chunk = await clientEventTexts({ read, stateAt }, { events, reader, withRoomId: true, now });
  return (
    `{"chunk":[${chunk.join(",")}]` +
    (goOnAfter === undefined ? "" : `,"next_batch":${JSON.stringify(tokenAfter(goOnAfter, direction, bounds.upTo))}`) +
    (args.from === undefined ? "" : `,"prev_batch":${JSON.stringify(args.from)}`) +
    (recurse === undefined ? "}" : `,"recursion_depth":${levels === 1 ? 0 : RECURSION_DEPTH}}`)
  );
}
