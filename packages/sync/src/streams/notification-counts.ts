import type { RoomUnread, Unread } from "../ports.ts";

const NOTHING: Unread = { notifications: 0, highlights: 0 };

/**
 * What is unread in a room: the whole room in one number, or the main timeline and each thread by itself where the filter
 * asks for that. https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
 */
export function notificationCountsText(unread: RoomUnread | undefined, { perThread }: { perThread: boolean }): string {
  const main = unread?.main ?? NOTHING;
  const threads = unread?.threads ?? new Map<string, Unread>();
  if (!perThread) return `"unread_notifications":${countsText([main, ...threads.values()].reduce(sum))}`;
  const text = `"unread_notifications":${countsText(main)}`;
  if (threads.size === 0) return text;
  const each = Array.from(threads, ([root, counts]) => `${JSON.stringify(root)}:${countsText(counts)}`);
  return `${text},"unread_thread_notifications":{${each.join(",")}}`;
}

const sum = (a: Unread, b: Unread): Unread => ({
  notifications: a.notifications + b.notifications,
  highlights: a.highlights + b.highlights,
});

const countsText = ({ notifications, highlights }: Unread): string =>
  `{"highlight_count":${highlights},"notification_count":${notifications}}`;
