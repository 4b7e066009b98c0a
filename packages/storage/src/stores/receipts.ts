import type { EventId, RoomId, UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#receipts */
export type ReceiptType = "m.read" | "m.read.private";

export type ReceiptRecord = {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly type: ReceiptType;
  /** `main`, the root of a thread, or undefined for a receipt that is about the whole room. */
  readonly threadId: string | undefined;
  readonly eventId: EventId;
  /** Place of the event in the stream; undefined while the event is not known here. */
  readonly eventPosition: number | undefined;
  /** Milliseconds since the epoch, as the user's server has it. */
  readonly ts: number;
  readonly position: number;
};

export interface ReceiptReader {
  /** All of a user's own receipts in a room, private ones included. */
  ofUser(roomId: RoomId, userId: UserId): Promise<ReceiptRecord[]>;
  /**
   * Receipts in these rooms with `after < position <= upTo`, in stream order; `after` 0 = everything. Private ones are
   * answered to the user they belong to alone.
   */
  changedSince(args: {
    roomIds: readonly RoomId[];
    after: number;
    upTo: number;
    forUser: UserId;
  }): Promise<ReceiptRecord[]>;
}

export interface ReceiptStore extends ReceiptReader {
  /**
   * One receipt per user, type and thread: replaces the one before unless that is as far on in the stream. Wakes the
   * room, or only the user where the receipt is private.
   */
  set(receipt: Omit<ReceiptRecord, "position">): void;
}
