import type { EventId, UserId } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roomAccess } from "../visibility/room-access.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import { strippedStateText } from "./client-event-text.ts";
import { clientEventTexts, stateEventTexts } from "./client-event-texts.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";
const NOW = 5000;

let opened: TestStorage;
let rooms = 0;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const newRoom = (version?: string) =>
  StoredRoom.create(opened.storage, { creator: ALICE, name: `client${rooms++}`, ...(version && { version }) });

async function asSeenBy(
  userId: UserId,
  event: StoredEvent,
  { deviceId, withRoomId = true }: { deviceId?: string; withRoomId?: boolean } = {},
) {
  const { read } = opened.storage;
  const access = await roomAccess(opened, { roomId: event.roomId, userId });
  const [text] = await clientEventTexts(
    { read, stateAt: new StateAtEvents(read) },
    { events: [event], reader: { ...access, deviceId }, withRoomId, now: NOW },
  );
  return JSON.parse(text ?? "");
}

test("a message has the client format's fields and nothing of the PDU's", async () => {
  const room = await newRoom();
  const event = await room.message(ALICE, "hello");
  expect(await asSeenBy(ALICE, event)).toEqual({
    type: "m.room.message",
    event_id: event.eventId,
    room_id: room.roomId,
    sender: ALICE,
    origin_server_ts: event.originServerTs,
    content: { msgtype: "m.text", body: "hello" },
    unsigned: { age: NOW - event.originServerTs, membership: "join" },
  });
});

test("the room id is left out where it is said around the events", async () => {
  const event = await (await newRoom()).message(ALICE, "hello");
  expect(await asSeenBy(ALICE, event, { withRoomId: false })).not.toHaveProperty("room_id");
});

test("content is passed on letter by letter", async () => {
  const room = await newRoom();
  const event = await room.append({
    type: "m.odd",
    sender: ALICE,
    content: { 'quo"te': "\u2028 é \\ \n", nested: { content: [1, null, { a: {} }] } },
  });
  const seen = await asSeenBy(ALICE, event);
  expect(seen.content).toEqual({ 'quo"te': "\u2028 é \\ \n", nested: { content: [1, null, { a: {} }] } });
});

test("the transaction id is told to the device that sent the event, to no other and to no one else", async () => {
  const room = await newRoom();
  await room.member(BOB, "join");
  const sentBy = { deviceId: "PHONE", txnId: "t1" };
  const event = await room.append({ type: "m.room.message", sender: ALICE, content: {}, sentBy });
  expect((await asSeenBy(ALICE, event, { deviceId: "PHONE" })).unsigned.transaction_id).toBe("t1");
  expect((await asSeenBy(ALICE, event, { deviceId: "LAPTOP" })).unsigned).not.toHaveProperty("transaction_id");
  expect((await asSeenBy(BOB, event, { deviceId: "PHONE" })).unsigned).not.toHaveProperty("transaction_id");
});

test("membership is the reader's at the event, its own effect included, and leave if they had none", async () => {
  const room = await newRoom();
  const before = await room.message(ALICE, "before");
  const join = await room.member(BOB, "join");
  const after = await room.message(ALICE, "after");
  const leave = await room.member(BOB, "leave");
  const memberships = await Promise.all([before, join, after, leave].map((event) => asSeenBy(BOB, event)));
  expect(memberships.map((event) => event.unsigned.membership)).toEqual(["leave", "join", "join", "leave"]);
});

test("a state event says what it replaced, and the replaced content to those who may see it", async () => {
  const room = await newRoom();
  const topic = (text: string) =>
    room.append({ type: "m.room.topic", sender: ALICE, stateKey: "", content: { topic: text } });
  await room.historyVisibility(ALICE, "joined");
  const first = await topic("first");
  expect((await asSeenBy(ALICE, first)).unsigned).not.toHaveProperty("replaces_state");
  await room.member(BOB, "join");
  const second = await topic("second");
  expect((await asSeenBy(ALICE, second)).unsigned).toMatchObject({
    replaces_state: first.eventId,
    prev_content: { topic: "first" },
    prev_sender: ALICE,
  });
  const { unsigned } = await asSeenBy(BOB, second);
  expect(unsigned.replaces_state).toBe(first.eventId);
  expect(unsigned).not.toHaveProperty("prev_content");
});

test("a redacted event carries the redaction as a client event", async () => {
  const room = await newRoom();
  const secret = await room.message(ALICE, "secret");
  const redaction = await room.redact(secret, ALICE);
  const redacted = await opened.storage.read.events.byId(secret.eventId);
  const seen = await asSeenBy(ALICE, redacted!);
  expect(seen.content).toEqual({});
  expect(seen.unsigned.redacted_because).toMatchObject({
    type: "m.room.redaction",
    event_id: redaction.eventId,
    redacts: secret.eventId,
  });
});

test("a redaction names its target at the top and in the content, whichever place the room version has", async () => {
  const target: EventId = "$target";
  const old = await newRoom("10");
  const top = await old.append({
    type: "m.room.redaction",
    sender: ALICE,
    content: { reason: "spam", redacts: "$elsewhere" },
    topLevel: { redacts: target },
  });
  expect(await asSeenBy(ALICE, top)).toMatchObject({ redacts: target, content: { reason: "spam", redacts: target } });

  const modern = await newRoom("11");
  const inside = await modern.append({
    type: "m.room.redaction",
    sender: ALICE,
    content: { redacts: target },
    topLevel: { redacts: "$elsewhere" },
  });
  expect(await asSeenBy(ALICE, inside)).toMatchObject({ redacts: target, content: { redacts: target } });
});

test("stripped state has four fields", async () => {
  const room = await newRoom();
  const name = await room.append({ type: "m.room.name", sender: ALICE, stateKey: "", content: { name: "Croft" } });
  expect(JSON.parse(strippedStateText(name))).toEqual({
    type: "m.room.name",
    state_key: "",
    sender: ALICE,
    content: { name: "Croft" },
  });
});

test("a room's state comes without what differs between readers", async () => {
  const room = await newRoom();
  const member = await room.member(BOB, "join");
  const { read } = opened.storage;
  const [text] = await stateEventTexts({ read }, { events: [member], withRoomId: false, now: NOW });
  expect(JSON.parse(text ?? "")).toEqual({
    type: "m.room.member",
    state_key: BOB,
    sender: BOB,
    event_id: member.eventId,
    origin_server_ts: member.originServerTs,
    content: { membership: "join" },
    unsigned: { age: NOW - member.originServerTs },
  });
});

test("who has left learns that an event was redacted later, but not what was said about it", async () => {
  const room = await newRoom("11");
  await room.member(BOB, "join");
  const event = await room.message(ALICE, "oops");
  await room.member(BOB, "leave");
  const redaction = await room.append({
    type: "m.room.redaction",
    sender: ALICE,
    content: { redacts: event.eventId, reason: "about Bob" },
  });
  await opened.storage.write(async (tx) => {
    const json = '{"content":{}}';
    tx.events.redact({ eventId: event.eventId, by: redaction.eventId, json, contentStart: 11, contentEnd: 13 });
  });
  const [redacted] = await opened.storage.read.events.byIds([event.eventId]);
  if (redacted === undefined) throw new Error("the event is gone");
  const seenByBob = (await asSeenBy(BOB, redacted)).unsigned.redacted_because;
  expect(seenByBob).toMatchObject({ event_id: redaction.eventId, type: "m.room.redaction" });
  expect(seenByBob.content).toEqual({});
  const content = { redacts: event.eventId, reason: "about Bob" };
  expect((await asSeenBy(ALICE, redacted)).unsigned.redacted_because).toMatchObject({ content });
});
