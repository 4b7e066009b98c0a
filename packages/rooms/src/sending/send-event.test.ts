import type { EventId, JsonObject, RoomId, UserId } from "@croft/protocol";
import { type TestRooms, testRooms } from "@croft/testkit";
import { describe, expect, test } from "vitest";
import { createRoom } from "../creation/create-room.ts";
import { joinRoom } from "../membership/join-room.ts";
import { contentOfText } from "./event-content.ts";
import { forgetOldTransactions } from "./forget-old-transactions.ts";
import { redactEvent } from "./redact-event.ts";
import { sendEvent } from "./send-event.ts";
import { SentTransactions, type Transaction } from "./sent-transactions.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";

const transaction = (txnId: string, userId = alice): Transaction => ({
  userId,
  deviceId: "DEVICE",
  path: `/send/${txnId}`,
  txnId,
});
const say = (rooms: TestRooms, roomId: RoomId, body: string, txnId?: string, requester = alice) =>
  sendEvent(rooms, {
    requester,
    roomId,
    type: "m.room.message",
    content: () => ({ body }),
    ...(txnId === undefined ? undefined : { transaction: transaction(txnId, requester) }),
  });
const pdu = async (rooms: TestRooms, eventId: EventId) => {
  const stored = await rooms.storage.read.events.byId(eventId);
  return JSON.parse(stored?.json ?? "null") as JsonObject & { content: JsonObject };
};
const messages = async ({ storage }: TestRooms, roomId: RoomId) =>
  (await storage.read.events.latest({ roomId, after: 0, upTo: storage.position(), limit: 100 })).filter(
    ({ type }) => type === "m.room.message",
  );

describe("a transaction", () => {
  test("sent again, at once or later, gives the same event", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice });
    const ids = await Promise.all([say(rooms, roomId, "a", "1"), say(rooms, roomId, "a", "1")]);
    ids.push(await say(rooms, roomId, "a", "1"));
    expect(new Set(ids).size).toBe(1);
    expect(await messages(rooms, roomId)).toMatchObject([
      { eventId: ids[0], sentBy: { deviceId: "DEVICE", txnId: "1" } },
    ]);
  });

  test("is remembered by the store when memory is lost", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice });
    const first = await say(rooms, roomId, "a", "1");
    const restarted = { ...rooms, transactions: new SentTransactions() };
    const [again, other] = await Promise.all([say(restarted, roomId, "a", "1"), say(restarted, roomId, "b", "2")]);
    expect(again).toBe(first);
    expect((await messages(rooms, roomId)).map(({ eventId }) => eventId)).toEqual([first, other]);
  });

  test("is answered with its event for a day, and forgotten by the store then", async () => {
    await using rooms = await testRooms();
    const { storage, clock } = rooms;
    const roomId = await createRoom(rooms, { creator: alice });
    const first = await say(rooms, roomId, "a", "1");
    const restarted = () => ({ ...rooms, transactions: new SentTransactions() });
    clock.advance(23 * 3_600_000);
    await forgetOldTransactions({ storage, clock });
    expect(await say(restarted(), roomId, "a", "1")).toBe(first);
    clock.advance(2 * 3_600_000);
    await forgetOldTransactions({ storage, clock });
    expect(await storage.read.events.byTransaction(transaction("1"))).toBeUndefined();
    expect(await say(restarted(), roomId, "a", "1")).not.toBe(first);
  });

  test("of another device or path is another", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice });
    const first = await say(rooms, roomId, "a", "1");
    expect(await say(rooms, roomId, "a", "2")).not.toBe(first);
    const fromOther = sendEvent(rooms, {
      requester: alice,
      roomId,
      type: "m.room.message",
      content: () => ({}),
      transaction: { ...transaction("1"), deviceId: "OTHER" },
    });
    expect(await fromOther).not.toBe(first);
  });

  test("that was refused can be tried again", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, preset: "public_chat" });
    await expect(say(rooms, roomId, "a", "1", bob)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await joinRoom(rooms, { joiner: { userId: bob, isGuest: false }, roomId });
    expect(await say(rooms, roomId, "a", "1", bob)).toMatch(/^\$/);
  });
});

describe("content", () => {
  const sendText = async (rooms: TestRooms, version: string, text: string) => {
    const roomId = await createRoom(rooms, { creator: alice, version });
    return sendEvent(rooms, { requester: alice, roomId, type: "m.room.message", content: contentOfText(text) });
  };

  test.each(['{"n":1.0}', '{"n":1e2}', '{"n":9007199254740993}', '{"n":1,"n":2}', "[]"])(
    "%s is bad JSON in a room of version 12",
    async (text) => {
      await using rooms = await testRooms();
      await expect(sendText(rooms, "12", text)).rejects.toMatchObject({ errcode: "M_BAD_JSON" });
    },
  );

  test("keeps its odd numbers where the room version lets it", async () => {
    await using rooms = await testRooms();
    const eventId = await sendText(rooms, "5", '{"n":1.50}');
    expect((await rooms.storage.read.events.byId(eventId))?.json).toContain('"n":1.50');
  });

  test("is cut from the stored text by its offsets", async () => {
    await using rooms = await testRooms();
    const eventId = await sendText(rooms, "12", '{"body":",\\"depth\\":1","\\u00e9":"𝄞","z":{"content":{}}}');
    const stored = await rooms.storage.read.events.byId(eventId);
    const text = stored?.json.slice(stored.contentStart, stored.contentEnd) ?? "";
    expect(JSON.parse(text)).toEqual({ body: ',"depth":1', é: "𝄞", z: { content: {} } });
  });
});

describe("a redaction", () => {
  const room = async (rooms: TestRooms, version: string) => {
    const roomId = await createRoom(rooms, { creator: alice, preset: "public_chat", version });
    await joinRoom(rooms, { joiner: { userId: bob, isGuest: false }, roomId });
    return roomId;
  };

  test.each(["1", "2", "3", "6", "10", "11", "12"])("takes the content of an event in version %s", async (version) => {
    await using rooms = await testRooms();
    const roomId = await room(rooms, version);
    const eventId = await say(rooms, roomId, "secret", undefined, bob);
    const by = await redactEvent(rooms, { requester: alice, roomId, eventId, reason: "spam" });
    expect(await rooms.storage.read.events.byId(eventId)).toMatchObject({ redactedBy: by });
    expect(await pdu(rooms, eventId)).toMatchObject({ content: {}, sender: bob });
    const said = await pdu(rooms, by);
    const place = Number(version) < 11 ? said : said.content;
    expect(place["redacts"]).toBe(eventId);
    expect(said.content["reason"]).toBe("spam");
  });

  test.each(["2", "12"])("in version %s is for one's own events, unless one has the power", async (version) => {
    await using rooms = await testRooms();
    const roomId = await room(rooms, version);
    const own = await say(rooms, roomId, "mine", undefined, bob);
    const others = await say(rooms, roomId, "hers");
    const redact = (eventId: EventId) => redactEvent(rooms, { requester: bob, roomId, eventId });
    await expect(redact(others)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    expect(await pdu(rooms, others)).toMatchObject({ content: { body: "hers" } });
    await expect(redact("$unknown")).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
    if (version === "12") {
      await redact(own);
      expect(await pdu(rooms, own)).toMatchObject({ content: {} });
    }
  });

  test("follows its target at once, before that is on disk", async () => {
    await using rooms = await testRooms();
    const roomId = await room(rooms, "12");
    const { graph } = rooms;
    let sent: EventId | undefined;
    const sending = graph.append(roomId, async (open) => {
      sent = (await open.add({ type: "m.room.message", sender: alice, content: { body: "oops" } })).eventId;
    });
    const redacting = graph.append(roomId, async (open) => {
      const content = {};
      return (await open.add({ type: "m.room.redaction", sender: alice, content, redacts: sent })).eventId;
    });
    const [, by] = await Promise.all([sending, redacting]);
    expect(await rooms.storage.read.events.byId(sent ?? "$")).toMatchObject({ redactedBy: by });
  });

  test("can be sent as any other event, with its target in the content", async () => {
    await using rooms = await testRooms();
    const roomId = await room(rooms, "10");
    const redacts = await say(rooms, roomId, "secret");
    const type = "m.room.redaction";
    const by = await sendEvent(rooms, { requester: alice, roomId, type, content: () => ({ redacts }) });
    expect(await pdu(rooms, by)).toMatchObject({ redacts, content: {} });
    expect(await pdu(rooms, redacts)).toMatchObject({ content: {} });
  });

  test("does not take a room's create event", async () => {
    await using rooms = await testRooms();
    const roomId = await room(rooms, "12");
    const eventId: EventId = `$${roomId.slice(1)}`;
    await expect(redactEvent(rooms, { requester: alice, roomId, eventId })).rejects.toMatchObject({ status: 403 });
  });
});

test("an event in a thread, and what relates to it, is of that thread", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const root = await say(rooms, roomId, "root");
  const relate = (rel_type: string, event_id: EventId) =>
    sendEvent(rooms, {
      requester: alice,
      roomId,
      type: "m.room.message",
      content: () => ({ "m.relates_to": { rel_type, event_id } }),
    });
  const reply = await relate("m.thread", root);
  await expect(relate("m.thread", reply)).rejects.toMatchObject({ errcode: "M_UNKNOWN", status: 400 });
  const edit = await relate("m.replace", reply);
  const reaction = await relate("m.annotation", root);
  const threads = await rooms.storage.read.events.byIds([root, reply, edit, reaction]);
  expect(threads.map(({ threadRoot }) => threadRoot)).toEqual([undefined, root, root, undefined]);
});

test("the same annotation is made once, even at once, and again after it was redacted", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const event_id = await say(rooms, roomId, "nice");
  const react = (key: string) => {
    const content = { "m.relates_to": { rel_type: "m.annotation", event_id, key } };
    return sendEvent(rooms, { requester: alice, roomId, type: "m.reaction", content: () => content });
  };
  const made = await Promise.allSettled([react("+1"), react("+1"), react("-1")]);
  expect(made.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(made[1]).toMatchObject({ reason: { errcode: "M_DUPLICATE_ANNOTATION", status: 400 } });
  const eventId = made[0]?.status === "fulfilled" ? made[0].value : "$";
  await redactEvent(rooms, { requester: alice, roomId, eventId });
  expect(await react("+1")).not.toBe(eventId);
});
