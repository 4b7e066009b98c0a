import type { EventId } from "@croft/protocol";
import type { StateGroup, StoredEvent } from "@croft/storage";
import { clientEventTexts, stateEventTexts } from "../client-event/client-event-texts.ts";
import { ignoredUsers, isIgnored } from "../visibility/ignored-users.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import type { CompiledRoomEventFilter } from "./event-filter.ts";
import type { HistoryDeps, RoomQuestion } from "./history-deps.ts";
import { readRoomEventFilter } from "./read-room-event-filter.ts";
import { visibleRoomEvent } from "./room-event.ts";
import { sendersMembers } from "./senders-members.ts";
import { tokenAfter } from "./topological-bounds.ts";
import { type NextEvents, visiblePage } from "./visible-page.ts";

/** The spec's default, and the most one reply carries. */
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

export type EventContextArgs = RoomQuestion & {
  readonly eventId: EventId;
  readonly limit?: number | undefined;
  readonly filter?: string | undefined;
};

/** The reply's JSON text. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidcontexteventid */
export async function readEventContext(deps: HistoryDeps, args: EventContextArgs): Promise<string> {
  const { read } = deps.storage;
  const filter = readRoomEventFilter(args.filter);
  const stateAt = new StateAtEvents(read);
  const [{ access, event }, ignored] = await Promise.all([
    visibleRoomEvent({ ...deps, stateAt }, args),
    ignoredUsers(deps, args.userId),
  ]);
  const upTo = Math.min(access.upTo, deps.storage.position());
  const limit = Math.min(Math.max(args.limit ?? DEFAULT_LIMIT, 0), MAX_LIMIT);
  const beside = async (direction: "b" | "f", share: number): Promise<readonly StoredEvent[]> => {
    if (share === 0 || !filter.allowsRoom(args.roomId)) return [];
    const nextEvents: NextEvents = (from, size) =>
      read.events.page({ roomId: args.roomId, direction, from, upTo, limit: size });
    const wanted = (other: StoredEvent) => filter.matches(other) && !isIgnored(other, ignored);
    return (await visiblePage({ nextEvents, stateAt }, { access, from: event, limit: share, wanted })).events;
  };
  const halfBefore = Math.floor(limit / 2);
  const [before, after] = await Promise.all([beside("b", halfBefore), beside("f", limit - halfBefore)]);

  const first = before.at(-1) ?? event;
  const last = after.at(-1) ?? event;
  const state = await stateToShow(deps, {
    group: last.stateAfter,
    filter,
    shown: [...before, event, ...after],
  });
  const reader = { ...access, deviceId: args.deviceId };
  const form = { withRoomId: true, now: deps.clock.now() };
  const texts = async (events: readonly StoredEvent[]): Promise<string> =>
    (await clientEventTexts({ read, stateAt }, { events, reader, ...form })).join(",");
  const stateTexts = stateEventTexts({ read }, { events: state, ...form });
  const parts = await Promise.all([texts(before), texts([event]), texts(after), stateTexts]);
  return (
    `{"start":${JSON.stringify(tokenAfter(first, "b", upTo))},"end":${JSON.stringify(tokenAfter(last, "f", upTo))},` +
    `"events_before":[${parts[0]}],"event":${parts[1]},"events_after":[${parts[2]}],"state":[${parts[3]}]}`
  );
}

/** The state at the last event shown, as far as the filter lets it through; lazily, only the senders' members. */
async function stateToShow(
  { storage: { read } }: HistoryDeps,
  { group, filter, shown }: { group: StateGroup; filter: CompiledRoomEventFilter; shown: readonly StoredEvent[] },
): Promise<StoredEvent[]> {
  const state = await read.roomState.map(group);
  if (!filter.lazyLoadMembers) return (await read.events.byIds([...state.values()])).filter(filter.matches);
  const members = await read.roomState.ofType(group, "m.room.member");
  const others = [...state].flatMap(([key, eventId]) => (members.has(key) ? [] : [eventId]));
  const [events, senders] = await Promise.all([
    read.events.byIds(others),
    sendersMembers(read, { events: shown, group }),
  ]);
  return [...events, ...senders].filter(filter.matches);
}
