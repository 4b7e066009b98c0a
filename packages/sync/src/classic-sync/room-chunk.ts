import { type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import { type RoomUnread, unreadCounts } from "@croft/push";
import { receiptsChanged, StateAtEvents } from "@croft/rooms";
import type { ReceiptRecord, StateDelta, StateGroup, StoredEvent } from "@croft/storage";
import { memberKey, memberOf } from "../streams/state.ts";
import { changesSummary } from "../streams/summary.ts";
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
  const { userId, filter } = question;
  const roomIds = views.map(({ roomId }) => roomId);
  const limit = firstPageSize(filter);
  const newest = new Map<RoomId, readonly StoredEvent[]>();
  const deltas = new Map<RoomId, readonly StateDelta[]>();
  const newRooms = views.filter(({ after }) => after === 0).map(({ roomId }) => roomId);
  const [stateGroups, unread, receipts] = await Promise.all([
    read.rooms.stateGroups(roomIds),
    unreadCounts(deps, { userId, roomIds }),
    receiptsChanged(deps, { roomIds: newRooms, after: 0, upTo, forUser: userId }),
    ...views.map(async ({ roomId, after, whole }) => {
      newest.set(roomId, await read.events.latest({ roomId, after, upTo, limit }));
      if (!whole) deltas.set(roomId, await read.roomState.deltas(roomId, after, upTo));
    }),
  ]);
  const changing = views.filter(({ roomId, whole }) => whole || deltas.get(roomId)?.some(changesSummary));
  const stateAt = new StateAtEvents(read);
  const [counts] = await Promise.all([
    changing.length === 0 ? new Map() : read.memberships.countsOf(changing.map(({ roomId }) => roomId)),
    warmWholeStates(deps, run, { views, newest, stateGroups }),
    warmStateAt(stateAt, userId, newest.values()),
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
  const maps = await Promise.all(
    views.flatMap(({ roomId, whole }) => {
      if (!whole) return [];
      const start = newest.get(roomId)?.at(-filter.timelineLimit) ?? newest.get(roomId)?.[0];
      const group = (stateAfter === undefined ? start?.stateBefore : undefined) ?? stateGroups.get(roomId);
      return group === undefined ? [] : [read.roomState.map(group)];
    }),
  );
  if (maps.length === 0) return;
  const ids = maps.flatMap((map) =>
    filter.lazyLoadMembers
      ? [...map].flatMap(([key, id]) => (memberOf(key) === undefined ? [id] : []))
      : [...map.values()],
  );
  await read.events.byIds(ids);
}
