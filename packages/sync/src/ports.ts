import type { EventId, RoomId, UserId } from "@croft/protocol";

/** What is unread; satisfied by push. */
export interface UnreadCounts {
  /** Of the rooms asked for, those with anything unread. */
  unread(args: {
    readonly userId: UserId;
    readonly roomIds: readonly RoomId[];
  }): Promise<ReadonlyMap<RoomId, RoomUnread>>;
}

export type Unread = { readonly notifications: number; readonly highlights: number };

export type RoomUnread = {
  /** What is in no thread. */
  readonly main: Unread;
  /** By root; threads without anything unread are left out. */
  readonly threads: ReadonlyMap<EventId, Unread>;
};
