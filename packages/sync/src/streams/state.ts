import { type EventId, type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import type { StateDelta, StateGroup, Storage, StoredEvent } from "@croft/storage";
import type { SyncFilter } from "../filters/sync-filter.ts";
import type { Timeline } from "./timeline.ts";
import type { Window } from "./window.ts";

export type StateDeps = { readonly storage: Storage<"roomState" | "events"> };

export type StateArgs = {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly filter: SyncFilter;
  readonly timeline: Timeline;
  /** Changes of the room's current state in the window. */
  readonly deltas: readonly StateDelta[];
  /** The state up to the end of the timeline is wanted, not up to its start. */
  readonly atEnd: boolean;
  /** All of the state, not only what changed. */
  readonly whole: boolean;
  /** The state at the end of the timeline; 0 where there is none to show. */
  readonly endGroup: StateGroup;
  /** Whose member events are needed to show the room, besides those who sent what is in the timeline. */
  readonly heroes: readonly UserId[];
  /** Whether the client has a member event already. */
  readonly isTold: (eventId: EventId) => boolean;
};

const MEMBER_PREFIX = stateMapKey("m.room.member", "");

export const memberKey = (userId: UserId): string => MEMBER_PREFIX + userId;

/** The user a state map key is the membership of. */
export const memberOf = (key: string): UserId | undefined =>
  key.startsWith(MEMBER_PREFIX) ? (key.slice(MEMBER_PREFIX.length) as UserId) : undefined;

/** Changes of a room's current state in a window; none are asked for where all of the state is sent anyway. */
export const stateDeltas = (
  { storage }: StateDeps,
  { roomId, window }: { readonly roomId: RoomId; readonly window: Window },
): Promise<StateDelta[]> => storage.read.roomState.deltas(roomId, window.after, window.upTo);

/** The state events that go beside a timeline, lazily loaded members included. */
export async function stateBeside(deps: StateDeps, args: StateArgs): Promise<StoredEvent[]> {
  const { filter, roomId, whole } = args;
  if (!filter.state.allowsRoom(roomId)) return [];
  const ids = new Set(whole ? await wholeState(deps, args) : changedState(args));
  if (filter.lazyLoadMembers) for (const id of await neededMembers(deps, args)) ids.add(id);
  const events = await deps.storage.read.events.byIds([...ids]);
  return events.filter(filter.state.matches);
}

/** The state group that `state`, or `state_after`, ends with. */
const shownGroup = ({ atEnd, timeline, endGroup }: StateArgs): StateGroup =>
  atEnd ? endGroup : (timeline.events[0]?.stateBefore ?? endGroup);

async function wholeState({ storage }: StateDeps, args: StateArgs): Promise<Iterable<EventId>> {
  const state = await storage.read.roomState.map(shownGroup(args));
  if (!args.filter.lazyLoadMembers) return state.values();
  return [...state].flatMap(([key, eventId]) => (key.startsWith(MEMBER_PREFIX) ? [] : [eventId]));
}

/**
 * Up to the end: the last value of each key that changed. Up to the start: the last value from before the timeline, and
 * what changed later without an event that the timeline shows (by state resolution, or past the filter).
 */
function* changedState({ deltas, timeline, atEnd }: StateArgs): Iterable<EventId> {
  const last = new Map<string, StateDelta>();
  for (const delta of deltas) last.set(delta.key, delta);
  if (!atEnd) {
    const start = timeline.events[0]?.position ?? Number.POSITIVE_INFINITY;
    const shown = new Set(timeline.events.map(({ eventId }) => eventId));
    const keysShown = new Set(deltas.flatMap(({ key, eventId }) => (eventId && shown.has(eventId) ? [key] : [])));
    for (const key of keysShown) last.delete(key);
    for (const delta of deltas) if (keysShown.has(delta.key) && delta.position < start) last.set(delta.key, delta);
  }
  for (const { eventId } of last.values()) if (eventId !== undefined) yield eventId;
}

/**
 * Members the client needs to show what it gets: the senders, the heroes, and the user where all of the state is sent.
 * https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 */
async function neededMembers({ storage }: StateDeps, args: StateArgs): Promise<EventId[]> {
  const { timeline, heroes, userId, whole, filter, isTold } = args;
  const group = shownGroup(args);
  if (group === 0) return [];
  const users = new Set<UserId>(heroes);
  for (const event of timeline.events) users.add(event.sender);
  if (whole) users.add(userId);
  const ids = await Promise.all([...users].map((user) => storage.read.roomState.get(group, memberKey(user))));
  return ids.filter((id) => id !== undefined && (whole || filter.includeRedundantMembers || !isTold(id))) as EventId[];
}
