import { clientEventTexts, stateEventTexts } from "../client-event/client-event-texts.ts";
import { ignoredUsers, isIgnored } from "../visibility/ignored-users.ts";
import { roomAccess } from "../visibility/room-access.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import type { HistoryDeps, RoomQuestion } from "./history-deps.ts";
import { formatStreamToken, formatTopologicalToken, parsePaginationToken } from "./pagination-token.ts";
import { readRoomEventFilter } from "./read-room-event-filter.ts";
import { sendersMembers } from "./senders-members.ts";
import { tokenAfter, topologicalBounds } from "./topological-bounds.ts";
import { type NextEvents, visiblePage } from "./visible-page.ts";

/** The spec's default, and the most one reply carries. */
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

/** Before the first event of any room. */
const BEGINNING = formatTopologicalToken({ after: { depth: 0, position: -1e14 }, upTo: undefined });

export type ListMessagesArgs = RoomQuestion & {
  readonly direction: "b" | "f";
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly filter?: string | undefined;
};

/** The reply's JSON text. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmessages */
export async function listMessages(deps: HistoryDeps, args: ListMessagesArgs): Promise<string> {
  const { roomId, direction, userId } = args;
  const { read } = deps.storage;
  const filter = readRoomEventFilter(args.filter);
  const from = args.from === undefined ? undefined : parsePaginationToken(args.from);
  const to = args.to === undefined ? undefined : parsePaginationToken(args.to);
  const [access, ignored] = await Promise.all([roomAccess(deps, { roomId, userId }), ignoredUsers(deps, userId)]);
  const upTo = Math.min(access.upTo, deps.storage.position());
  const bounds = await topologicalBounds(read, { roomId, direction, from, to, upTo });
  const stateAt = new StateAtEvents(read);

  const nextEvents: NextEvents = (from, limit) =>
    filter.allowsRoom(roomId) ? read.events.page({ ...bounds, roomId, direction, from, limit }) : Promise.resolve([]);
  const { events, goOnAfter } = await visiblePage(
    { nextEvents, stateAt },
    {
      access,
      from: bounds.from,
      limit: pageLimit(args.limit),
      wanted: (event) => filter.matches(event) && !isIgnored(event, ignored),
    },
  );

  const newest = direction === "b" ? events[0] : events.at(-1);
  const members =
    filter.lazyLoadMembers && newest !== undefined
      ? await sendersMembers(read, { events, group: newest.stateAfter })
      : [];
  const reader = { ...access, deviceId: args.deviceId };
  const form = { withRoomId: true, now: deps.clock.now() };
  const [chunk, state] = await Promise.all([
    clientEventTexts({ read, stateAt }, { events, reader, ...form }),
    stateEventTexts({ read }, { events: members, ...form }),
  ]);
  const start = args.from ?? (direction === "b" ? formatStreamToken({ position: upTo, typing: 0 }) : BEGINNING);
  return (
    `{"chunk":[${chunk.join(",")}],"start":${JSON.stringify(start)}` +
    (goOnAfter === undefined ? "" : `,"end":${JSON.stringify(tokenAfter(goOnAfter, direction, bounds.upTo))}`) +
    (filter.lazyLoadMembers ? `,"state":[${state.join(",")}]}` : "}")
  );
}

const pageLimit = (limit = DEFAULT_LIMIT): number => Math.min(limit, MAX_LIMIT);
