import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";

export type Unread = { readonly notifications: number; readonly highlights: number };

export type RoomUnread = {
  /** What is in no thread. */
  readonly main: Unread;
  /** By root; threads without anything unread are left out. */
  readonly threads: ReadonlyMap<EventId, Unread>;
};

const NOTHING: Unread = { notifications: 0, highlights: 0 };

/**
 * Of the rooms asked for, those a user is joined to and has something unread in. As many reads for a thousand rooms as
 * for one. https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
 */
export async function unreadCounts(
  { storage }: { readonly storage: Storage<"notificationCounts"> },
  args: { readonly userId: UserId; readonly roomIds: readonly RoomId[]; readonly ignored: readonly UserId[] },
): Promise<ReadonlyMap<RoomId, RoomUnread>> {
  const rooms = new Map<RoomId, { main: Unread; readonly threads: Map<EventId, Unread> }>();
  for (const { roomId, threadRoot, notifications, highlights } of await storage.read.notificationCounts.unread(args)) {
    let room = rooms.get(roomId);
    if (room === undefined) {
      room = { main: NOTHING, threads: new Map() };
      rooms.set(roomId, room);
    }
    if (threadRoot === undefined) room.main = { notifications, highlights };
    else room.threads.set(threadRoot, { notifications, highlights });
  }
  return rooms;
}
