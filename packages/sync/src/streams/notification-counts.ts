import type { RoomUnread, Unread } from "@croft/push";

const NOTHING: Unread = { notifications: 0, highlights: 0 };

/**
 * The counts of a room as members of its reply: all of it in one number, or the main timeline and each thread by itself
 * where the filter asks for that. https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
 */
export function notificationCountsText(
  unread: RoomUnread | undefined,
  { perThread }: { readonly perThread: boolean },
): string {
  const main = unread?.main ?? NOTHING;
  const threads = [...(unread?.threads ?? [])];
  if (!perThread) return `"unread_notifications":${countsText([main, ...threads.map(([, counts]) => counts)])}`;
  const text = `"unread_notifications":${countsText([main])}`;
  if (threads.length === 0) return text;
  const each = threads.map(([root, counts]) => `${JSON.stringify(root)}:${countsText([counts])}`);
  return `${text},"unread_thread_notifications":{${each.join(",")}}`;
}

function countsText(counts: readonly Unread[]): string {
  const highlights = counts.reduce((sum, one) => sum + one.highlights, 0);
  const notifications = counts.reduce((sum, one) => sum + one.notifications, 0);
  return `{"highlight_count":${highlights},"notification_count":${notifications}}`;
}
