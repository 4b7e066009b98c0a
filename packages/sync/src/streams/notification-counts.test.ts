import type { RoomUnread } from "@croft/push";
import { expect, test } from "vitest";
import { notificationCountsText } from "./notification-counts.ts";

const unread: RoomUnread = {
  main: { notifications: 2, highlights: 1 },
  threads: new Map([["$root", { notifications: 3, highlights: 0 }]]),
};

const counts = (...args: Parameters<typeof notificationCountsText>) =>
  JSON.parse(`{${notificationCountsText(...args)}}`);

test("a client that knows no threads gets them in the room's counts", () => {
  expect(counts(unread, { perThread: false })).toEqual({
    unread_notifications: { highlight_count: 1, notification_count: 5 },
  });
});

test("a client that asks for threads gets each by itself, and the main timeline without them", () => {
  expect(counts(unread, { perThread: true })).toEqual({
    unread_notifications: { highlight_count: 1, notification_count: 2 },
    unread_thread_notifications: { $root: { highlight_count: 0, notification_count: 3 } },
  });
});

test("nothing unread is zero, not absent, and no threads are named", () => {
  const nothing = { unread_notifications: { highlight_count: 0, notification_count: 0 } };
  expect(counts(undefined, { perThread: true })).toEqual(nothing);
  expect(counts(undefined, { perThread: false })).toEqual(nothing);
});
