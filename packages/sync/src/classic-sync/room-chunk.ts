import { type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import { type RoomUnread, unreadCounts } from "@croft/push";
import { receiptsChanged, StateAtEvents } from "@croft/rooms";
import type { ReceiptRecord, StateDelta, StateGroup, StoredEvent } from "@croft/storage";
import { memberKey, memberOf } from "../streams/state.ts";
import { changesSummary, NAME } from "../streams/summary.ts";
import { firstPageSize } from "../streams/timeline.ts";
import type { JoinedView } from "./joined-room.ts";
import type { Run } from "./run.ts";
import type { AssembleDeps } from "./sync-deps.ts";

const HISTORY_VISIBILITY = stateMapKey("m.room.history_visibility", "");

/** What is read for some rooms at once, rather than for each. */
export type RoomChunk = {
  readonly stateAt: StateAtEvents;
  readonly newest: ReadonlyMap<RoomId, readonly StoredEvent[]>;
  /** Of rooms whose state the client knows. */
  readonly deltas: ReadonlyMap<RoomId, readonly StateDelta[]>;
  readonly stateGroups: ReadonlyMap<RoomId, StateGroup>;
  /** Where they may be another than the client knows. */
  readonly counts: ReadonlyMap<RoomId, { readonly joined: number; readonly invited: number }>;
  readonly receipts: ReadonlyMap<RoomId, readonly ReceiptRecord[]>;
  readonly unread: ReadonlyMap<RoomId, RoomUnread>;
};

export async function loadChunk(deps: AssembleDeps, run: Run, views: readonly JoinedView[]): Promise<RoomChunk> {
  const { read } = deps.storage;
  const { upTo, question } = run;
  const { userId } = question;
  const roomIds = views.map(({ roomId }) => roomId);
  const isNew = ({ after }: JoinedView) => after === 0;
  const newRooms = views.filter(isNew).map(({ roomId }) => roomId);
  // First, as it looks the rooms' numbers up all at once: what reads one room then finds its number in memory.
  const stateGroups = await read.rooms.stateGroups(roomIds);
  const [newest, deltas, unread, receipts] = await Promise.all([
    newestEvents(deps, run, views),
    stateDeltas(deps, run, views),
    unreadCounts(deps, { userId, roomIds, ignored: [...run.ignored] }),
    receiptsChanged(deps, { roomIds: newRooms, after: 0, upTo, forUser: userId }),
  ]);
  const changing = views.filter(({ roomId, whole }) => whole || deltas.get(roomId)?.some(changesSummary));
  const stateAt = new StateAtEvents(read);
  const [counts] = await Promise.all([
    read.memberships.countsOf(changing.map(({ roomId }) => roomId)),
    warmWholeStates(deps, run, { views, newest, stateGroups }),
    warmStateAt(stateAt, userId, newest.values()),
    stateAt.value(
      NAME,
      changing.flatMap(({ roomId }) => stateGroups.get(roomId) ?? []),
    ),
  ]);
  return {
    stateAt,
    newest,
    deltas,
    stateGroups,
    counts,
    receipts: new Map([...run.receipts, ...receipts]),
    unread,
  };
}

/** The views of a reply begin where the client stands, or at the beginning. */
async function newestEvents(
  { storage: { read } }: AssembleDeps,
  { upTo, question }: Run,
  views: readonly JoinedView[],
): Promise<ReadonlyMap<RoomId, readonly StoredEvent[]>> {
  const limit = firstPageSize(question.filter);
  const pages = await Promise.all(
    Array.from(
      Map.groupBy(views, ({ after }) => after),
      ([after, some]) => read.events.latestOf({ roomIds: some.map(({ roomId }) => roomId), after, upTo, limit }),
    ),
  );
  return new Map(pages.flatMap((page) => [...page]));
}

async function stateDeltas(
  { storage: { read } }: AssembleDeps,
  { upTo }: Run,
  views: readonly JoinedView[],
): Promise<ReadonlyMap<RoomId, readonly StateDelta[]>> {
  const changing = views.filter(({ whole }) => !whole);
  const deltas = await Promise.all(changing.map(({ roomId, after }) => read.roomState.deltas(roomId, after, upTo)));
  return new Map(changing.map(({ roomId }, index) => [roomId, deltas[index] ?? []]));
}

/** Looks up, for all rooms at once, what decides who may see an event. */
async function warmStateAt(stateAt: StateAtEvents, userId: UserId, newest: Iterable<readonly StoredEvent[]>) {
  const groups = new Set<StateGroup>();
  for (const events of newest) for (const event of events) groups.add(event.stateBefore).add(event.stateAfter);
  await Promise.all([stateAt.value(HISTORY_VISIBILITY, groups), stateAt.value(memberKey(userId), groups)]);
}

/** Reads the state events of all rooms with one query, so that each room then finds its own in memory. */
async function warmWholeStates(
  { storage: { read } }: AssembleDeps,
  { question: { filter, stateAfter } }: Run,
  { views, newest, stateGroups }: { views: readonly JoinedView[] } & Pick<RoomChunk, "newest" | "stateGroups">,
): Promise<void> {
  const groups = views.flatMap(({ roomId, whole }) => {
    if (!whole) return [];
    const events = newest.get(roomId);
    const start = events?.at(-filter.timelineLimit) ?? events?.[0];
    const group = (stateAfter === undefined ? start?.stateBefore : undefined) ?? stateGroups.get(roomId);
    return group === undefined ? [] : [group];
  });
  if (groups.length === 0) return;
  const maps = await read.roomState.maps(groups);
  const ids = maps.flatMap((map) =>
    filter.lazyLoadMembers
      ? [...map].flatMap(([key, id]) => (memberOf(key) === undefined ? [id] : []))
      : [...map.values()],
  );
  await read.events.byIds(ids);
}
