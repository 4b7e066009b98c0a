import type { DeviceId, EventId, RoomId, UserId } from "@croft/protocol";
import type { Position } from "../sql.ts";
import type { StateGroup } from "./room-state.ts";

/**
 * accepted: in the room's history · softFailed: allowed by its own history but not by the current state, never shown
 * to clients · rejected: not allowed, kept so that its descendants can be judged · outlier: known outside the graph.
 */
export type EventStatus = "accepted" | "softFailed" | "rejected" | "outlier";

export type StoredEvent = {
  readonly eventId: EventId;
  readonly roomId: RoomId;
  readonly type: string;
  readonly sender: UserId;
  readonly stateKey: string | undefined;
  readonly originServerTs: number;
  readonly depth: number;
  /** Place in the stream; history fetched later gets negative places that count down. */
  readonly position: number;
  /** The event as it was hashed and signed, canonical text. */
  readonly json: string;
  /** Where `content`'s text stands in `json`: replies are cut from it without parsing. UTF-16 offsets, end exclusive. */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly status: EventStatus;
  readonly stateBefore: StateGroup;
  readonly stateAfter: StateGroup;
  readonly redactedBy: EventId | undefined;
  /** The device and transaction it was sent with, if it was sent here. */
  readonly sentBy: { readonly deviceId: DeviceId; readonly txnId: string } | undefined;
  /** Root of the thread it belongs to. */
  readonly threadRoot: EventId | undefined;
};

export type NewEvent = Omit<StoredEvent, "position" | "redactedBy" | "threadRoot"> & {
  readonly position: Position;
  readonly threadRoot?: EventId;
  /** What it relates to (`m.relates_to`): kept for aggregation. */
  readonly relatesTo?: { readonly eventId: EventId; readonly relType: string };
  /**
   * Whether it counts as unread for members with default rules, and whether it highlights for all of them; only
   * accepted events do.
   */
  readonly notifies: boolean;
  readonly highlights: boolean;
};

/** A place in a room's topological order: by depth, then stream. Exclusive bound in paging. */
export type TopologicalPosition = { readonly depth: number; readonly position: number };

export interface EventReader {
  byId(eventId: EventId): Promise<StoredEvent | undefined>;
  /** In the order asked; unknown ids are left out. One query, recently stored events from memory. */
  byIds(eventIds: readonly EventId[]): Promise<StoredEvent[]>;
  /** Accepted events of a room in stream order with `after < position <= upTo`: the newest `limit`, oldest first. */
  latest(args: { roomId: RoomId; after: number; upTo: number; limit: number }): Promise<StoredEvent[]>;
  /** The same of many rooms, with one query for all the events that are not in memory. */
  latestOf(args: {
    roomIds: readonly RoomId[];
    after: number;
    upTo: number;
    limit: number;
  }): Promise<ReadonlyMap<RoomId, StoredEvent[]>>;
  /** Accepted events in topological order beside an exclusive bound, nearest first. `upTo` bounds the stream position. */
  page(args: {
    roomId: RoomId;
    direction: "b" | "f";
    from: TopologicalPosition | undefined;
    to?: TopologicalPosition | undefined;
    upTo: number;
    limit: number;
  }): Promise<StoredEvent[]>;
  /** Rooms among `roomIds` with an accepted event after `after`: which a sync has to look at. */
  roomsChangedSince(roomIds: readonly RoomId[], after: number): Promise<RoomId[]>;
  /** Event ids of the parents in the graph, known here or not; none for an unknown event. */
  prevEvents(eventId: EventId): Promise<EventId[]>;
  /** The event a device sent with this transaction id, if it did. */
  byTransaction(args: { userId: UserId; deviceId: DeviceId; path: string }): Promise<EventId | undefined>;
}

export interface EventStore extends EventReader {
  /** An event that is stored already fails the write. */
  append(event: NewEvent): void;
  /** Marks an event as redacted and replaces its text by the redacted one; it counts as unread no more. */
  redact(args: { eventId: EventId; by: EventId; json: string; contentStart: number; contentEnd: number }): void;
  /** Remembers what a transaction id was answered with. Guarded: fails if it is known. */
  rememberTransaction(args: { userId: UserId; deviceId: DeviceId; path: string; eventId: EventId }, now: number): void;
  /** Forgets the transactions of devices that are gone: one that comes under the same id begins anew. */
  forgetTransactions(userId: UserId, deviceIds: readonly DeviceId[]): void;
  /** Forgets those remembered earlier, whosever they are; the events stay. */
  forgetTransactionsBefore(before: number): void;
}
