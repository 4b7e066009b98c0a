import type { RoomId, UserId } from "@croft/protocol";
import type { Storage, UnreadRecord } from "@croft/storage";

/** What is unread in each of some rooms; rooms without anything unread are left out. */
export async function unreadByRoom(
  { storage }: { readonly storage: Storage<"notificationCounts"> },
  args: { readonly userId: UserId; readonly roomIds: readonly RoomId[] },
): Promise<ReadonlyMap<RoomId, readonly UnreadRecord[]>> {
  return Map.groupBy(await storage.read.notificationCounts.unread(args), ({ roomId }) => roomId);
}

/**
 * The counts of a room as members of its reply: all of it in one number, or the main timeline and each thread by itself
 * where the filter asks for that. https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
 */
export function notificationCountsText(
  unread: readonly UnreadRecord[] = [],
  { perThread }: { readonly perThread: boolean },
): string {
  if (!perThread) return `"unread_notifications":${countsText(unread)}`;
  const main = `"unread_notifications":${countsText(unread.filter(({ threadRoot }) => threadRoot === undefined))}`;
  const threads = unread.flatMap((record) =>
    record.threadRoot === undefined ? [] : [`${JSON.stringify(record.threadRoot)}:${countsText([record])}`],
  );
  return threads.length === 0 ? main : `${main},"unread_thread_notifications":{${threads.join(",")}}`;
}

function countsText(records: readonly UnreadRecord[]): string {
  const highlights = records.reduce((sum, record) => sum + record.highlights, 0);
  const notifications = records.reduce((sum, record) => sum + record.notifications, 0);
  return `{"highlight_count":${highlights},"notification_count":${notifications}}`;
}
