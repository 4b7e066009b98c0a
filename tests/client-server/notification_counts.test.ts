import { postReceipt, setAccountData } from "@croft/api";
import { expect, test } from "vitest";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";
import { onBothEngines } from "./on-both-engines.ts";
import { joined, roomOf, say, syncOf } from "./talk.ts";

onBothEngines((here) => {
  const mention = (user: TestUser) => ({ "m.mentions": { user_ids: [user.userId] } });
  const countsOf = async (user: TestUser, roomId: `!${string}`) =>
    joined(await syncOf(user), roomId).unread_notifications;

  test("unread counts grow with what others say, are higher for mentions, and end with reading", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    await say(alice, roomId, "hello");
    const last = await say(alice, roomId, "Bob?", mention(bob));
    expect(await countsOf(bob, roomId)).toEqual({ notification_count: 2, highlight_count: 1 });
    expect(await countsOf(alice, roomId)).toEqual({ notification_count: 0, highlight_count: 0 });
    const params = { roomId, receiptType: "m.read", eventId: last } as const;
    await bob.ok(postReceipt, { params, body: {} });
    expect(await countsOf(bob, roomId)).toEqual({ notification_count: 0, highlight_count: 0 });
  });

  test("what an ignored user says is not unread", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    const params = { userId: bob.userId, type: "m.ignored_user_list" };
    await bob.ok(setAccountData, { params, body: { ignored_users: { [alice.userId]: {} } } });
    await say(alice, roomId, "Bob!", mention(bob));
    expect(await countsOf(bob, roomId)).toEqual({ notification_count: 0, highlight_count: 0 });
  });

  test("unread counts are kept for each thread where the client asks for that", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    const root = await say(alice, roomId, "root");
    await say(alice, roomId, "reply", { "m.relates_to": { rel_type: "m.thread", event_id: root } });
    const filter = JSON.stringify({ room: { timeline: { unread_thread_notifications: true } } });
    expect(joined(await syncOf(bob, { filter }), roomId)).toMatchObject({
      unread_notifications: { notification_count: 1 },
      unread_thread_notifications: { [root]: { notification_count: 1, highlight_count: 0 } },
    });
    expect(await countsOf(bob, roomId)).toMatchObject({ notification_count: 2 });
  });
});
