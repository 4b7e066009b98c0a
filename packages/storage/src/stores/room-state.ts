import type { EventId, RoomId } from "@croft/protocol";
import type { Position } from "../sql.ts";

/** A state map that is stored; opaque outside the storage package. 0 is the empty map. */
export type StateGroup = number;

/** Keys are `protocol`'s state map keys (type and state key in one text). */
export type StateMapReader = {
  /** The whole map. Cached by bytes; never modified by callers. */
  map(group: StateGroup): Promise<ReadonlyMap<string, EventId>>;
  /** The same of many states, in their order: with a few queries, however many there are. */
  maps(groups: readonly StateGroup[]): Promise<ReadonlyMap<string, EventId>[]>;
  /** Some entries, without building the whole map where that is cheaper. */
  get(group: StateGroup, key: string): Promise<EventId | undefined>;
  /** One entry in each of many states, in their order: with a few queries, however many there are. */
  values(groups: readonly StateGroup[], key: string): Promise<(EventId | undefined)[]>;
  /** All entries whose event type is `type`. */
  ofType(group: StateGroup, type: string): Promise<ReadonlyMap<string, EventId>>;
};

/** What a state differs by: `eventId` undefined = the key has no value any more. */
export type StateChange = { readonly key: string; readonly eventId: EventId | undefined };

/** A change of a room's current state: `eventId` undefined = the key has no value any more. */
export type StateDelta = {
  readonly position: number;
  readonly key: string;
  readonly eventId: EventId | undefined;
  readonly previous: EventId | undefined;
};

export interface RoomStateReader extends StateMapReader {
  /** Changes of the current state with `after < position <= upTo`, oldest first. */
  deltas(roomId: RoomId, after: number, upTo: number): Promise<StateDelta[]>;
}

export interface RoomStateStore extends RoomStateReader {
  /**
   * Stores the map that differs from `parent` by `changes`, and answers its group: `parent` itself or one of its bases
   * where that is the same map. Of two changes to one key the later counts. Bounded growth: see `state-groups`.
   *
   * The group can be read and built on at once, before the write has ended. A write that builds on a group, or on an
   * event, of another write under way has to fail if that one does: the guard of `moveHead` sees to it.
   */
  derive(parent: StateGroup, changes: readonly StateChange[]): Promise<StateGroup>;
  /** Records that the room's *current* state changed. */
  changed(
    roomId: RoomId,
    position: Position,
    changes: readonly (StateChange & { readonly previous: EventId | undefined })[],
  ): void;
}
