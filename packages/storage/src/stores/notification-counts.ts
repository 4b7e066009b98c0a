import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { Position } from "../sql.ts";

/** What is unread in one timeline of a room: a thread's, or with `threadRoot` undefined the main one. */
export type UnreadRecord = {
  readonly roomId: RoomId;
  readonly threadRoot: EventId | undefined;
  readonly notifications: number;
  readonly highlights: number;
};

/** Where an event means something else to a user than it says of itself: what to add to the user's counts for it. */
export type NotificationDeviation = {
  readonly eventId: EventId;
  readonly roomId: RoomId;
  readonly threadRoot: EventId | undefined;
  readonly position: Position;
  readonly userId: UserId;
  readonly notifies: -1 | 0 | 1;
  readonly highlights: -1 | 0 | 1;
};

/** Unread counts. An event says whether it counts for everyone; rows are kept only of whom it counts otherwise for. */
export interface NotificationCountReader {
  /**
   * What counts for a user since they joined and last read: events of others that notify, with the user's deviations.
   * Read is what the furthest of their receipts says, for the whole room or for the timeline, and what they sent in it.
   * Timelines without anything unread are left out, and so are rooms the user is not joined to. However much is unread,
   * only a room's last 1000 notifying events of main timeline and threads each are looked at, and its last 1000
   * highlights. Nothing counts that was sent by those who are `ignored`.
   */
  unread(args: { userId: UserId; roomIds: readonly RoomId[]; ignored?: readonly UserId[] }): Promise<UnreadRecord[]>;
  /** Joined members who have account data of this type, with its content. */
  membersWithAccountData(roomId: RoomId, type: string): Promise<{ userId: UserId; content: string }[]>;
}

export interface NotificationCountStore extends NotificationCountReader {
  /** In the write that appends the event. It ends with the event's redaction. */
  deviate(deviation: NotificationDeviation): void;
  /** Whoever sends into a timeline has read it so far. */
  sent(args: { userId: UserId; roomId: RoomId; threadRoot: EventId | undefined; position: Position }): void;
}
