import type { EventId } from "@croft/protocol";
import { TestClock } from "@croft/runtime";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setReadMarkers } from "../read-markers/set-read-markers.ts";
import { receiptEvents } from "./receipt-events.ts";
import { receiptsChanged } from "./receipts-changed.ts";
import { sendReceipt } from "./send-receipt.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";
const clock = new TestClock();

let opened: TestStorage;
let rooms = 0;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const deps = () => ({ storage: opened.storage, clock });

async function roomOfTwo() {
  const room = await StoredRoom.create(opened.storage, { creator: ALICE, name: `receipts${rooms++}` });
  await room.member(BOB, "join");
  return room;
}

type Sent = Omit<Parameters<typeof sendReceipt>[1], "roomId" | "userId">;
const send = (room: StoredRoom, receipt: Sent, userId: `@${string}:${string}` = ALICE) =>
  sendReceipt(deps(), { roomId: room.roomId, userId, ...receipt });

async function told(room: StoredRoom, forUser: `@${string}:${string}`, after = 0) {
  const args = { roomIds: [room.roomId], after, upTo: opened.storage.position(), forUser };
  const receipts = (await receiptsChanged(deps(), args)).get(room.roomId) ?? [];
  return receiptEvents(receipts).map((text) => JSON.parse(text).content);
}

describe("a receipt", () => {
  test("is told to the room with its time", async () => {
    const room = await roomOfTwo();
    const { eventId } = await room.message(BOB, "hi");
    await send(room, { eventId, type: "m.read" });
    expect(await told(room, BOB)).toEqual([{ [eventId]: { "m.read": { [ALICE]: { ts: clock.now() } } } }]);
  });

  test("only moves forward", async () => {
    const room = await roomOfTwo();
    const [first, second] = [await room.message(BOB, "1"), await room.message(BOB, "2")];
    await send(room, { eventId: second.eventId, type: "m.read" });
    const position = opened.storage.position();
    await send(room, { eventId: first.eventId, type: "m.read" });
    expect(Object.keys((await told(room, BOB))[0])).toEqual([second.eventId]);
    expect(await told(room, BOB, position)).toEqual([]);
  });

  test("that is private is told to its own user alone", async () => {
    const room = await roomOfTwo();
    const { eventId } = await room.message(BOB, "hi");
    await send(room, { eventId, type: "m.read.private" });
    expect(await told(room, BOB)).toEqual([]);
    expect(await told(room, ALICE)).toEqual([{ [eventId]: { "m.read.private": { [ALICE]: { ts: clock.now() } } } }]);
  });

  test("that is new is a change, once", async () => {
    const room = await roomOfTwo();
    const [first, second] = [await room.message(BOB, "1"), await room.message(BOB, "2")];
    await send(room, { eventId: first.eventId, type: "m.read" });
    const position = opened.storage.position();
    expect(await told(room, BOB, position)).toEqual([]);
    await send(room, { eventId: second.eventId, type: "m.read" });
    expect((await told(room, BOB, position)).flatMap(Object.keys)).toEqual([second.eventId]);
  });

  test("is refused from who is not in the room, and for an event that is not", async () => {
    const [room, other] = [await roomOfTwo(), await roomOfTwo()];
    const { eventId } = await room.message(BOB, "hi");
    await expect(send(room, { eventId, type: "m.read" }, "@eve:test")).rejects.toMatchObject({
      errcode: "M_FORBIDDEN",
    });
    await expect(send(other, { eventId, type: "m.read" })).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
  });
});

describe("threads", () => {
  test("main, a thread and the whole room each keep a receipt of their own", async () => {
    const room = await roomOfTwo();
    const root = await room.message(BOB, "root");
    const reply = await room.append({
      type: "m.room.message",
      sender: BOB,
      content: {},
      threadRoot: root.eventId,
    });
    await send(room, { eventId: root.eventId, type: "m.read", threadId: "main" });
    await send(room, { eventId: reply.eventId, type: "m.read", threadId: root.eventId });
    await send(room, { eventId: root.eventId, type: "m.read" });
    const ts = clock.now();
    expect(await told(room, BOB)).toEqual([
      { [root.eventId]: { "m.read": { [ALICE]: { ts, thread_id: "main" } } } },
      { [reply.eventId]: { "m.read": { [ALICE]: { ts, thread_id: root.eventId } } } },
      { [root.eventId]: { "m.read": { [ALICE]: { ts } } } },
    ]);
  });

  test("a thread's receipt may stand at its root and at a reaction to the root", async () => {
    const room = await roomOfTwo();
    const root = await room.message(BOB, "root");
    const relation = { rel_type: "m.annotation", event_id: root.eventId, key: "x" };
    const reaction = await room.append({
      type: "m.reaction",
      sender: BOB,
      content: { "m.relates_to": relation },
    });
    await send(room, { eventId: root.eventId, type: "m.read", threadId: root.eventId });
    await send(room, { eventId: reaction.eventId, type: "m.read", threadId: root.eventId });
    expect((await told(room, BOB)).flatMap(Object.keys)).toEqual([reaction.eventId]);
  });

  test("a thread_id that is no thread the event is in is refused with M_INVALID_PARAM", async () => {
    const room = await roomOfTwo();
    const root = await room.message(BOB, "root");
    const other = await room.message(BOB, "other");
    const reply = await room.append({ type: "m.room.message", sender: BOB, content: {}, threadRoot: root.eventId });
    const refused: [EventId, unknown][] = [
      [other.eventId, ""],
      [other.eventId, 7],
      [other.eventId, null],
      [other.eventId, root.eventId],
      [reply.eventId, "main"],
      [reply.eventId, other.eventId],
    ];
    for (const [eventId, threadId] of refused) {
      const sent = send(room, { eventId, type: "m.read", threadId });
      await expect(sent, String(threadId)).rejects.toMatchObject({ errcode: "M_INVALID_PARAM" });
    }
  });
});

describe("read markers", () => {
  const fullyRead = async (room: StoredRoom) => {
    const key = { userId: ALICE, roomId: room.roomId, type: "m.fully_read" } as const;
    const record = await opened.storage.read.accountData.get(key);
    return record && JSON.parse(record.content);
  };
  const mark = (room: StoredRoom, markers: Parameters<typeof setReadMarkers>[1]["markers"]) =>
    setReadMarkers(deps(), { userId: ALICE, roomId: room.roomId, markers });

  test("the fully read marker goes into the room's account data, and only forward", async () => {
    const room = await roomOfTwo();
    const [first, second] = [await room.message(BOB, "1"), await room.message(BOB, "2")];
    await mark(room, { "m.fully_read": first.eventId });
    expect(await fullyRead(room)).toEqual({ event_id: first.eventId });
    await mark(room, { "m.fully_read": second.eventId });
    await mark(room, { "m.fully_read": first.eventId });
    expect(await fullyRead(room)).toEqual({ event_id: second.eventId });
  });

  test("receipts sent along stand where they were sent", async () => {
    const room = await roomOfTwo();
    const [first, second] = [await room.message(BOB, "1"), await room.message(BOB, "2")];
    await mark(room, { "m.read": first.eventId, "m.read.private": second.eventId });
    const types = Object.entries((await told(room, ALICE))[0]).map(([id, byType]) => [
      id,
      Object.keys(byType as object),
    ]);
    expect(types).toEqual([
      [first.eventId, ["m.read"]],
      [second.eventId, ["m.read.private"]],
    ]);
    expect(await fullyRead(room)).toBeUndefined();
  });

  test("an event of another room is refused and nothing is moved", async () => {
    const [room, other] = [await roomOfTwo(), await roomOfTwo()];
    const elsewhere = await other.message(BOB, "1");
    await expect(mark(room, { "m.fully_read": elsewhere.eventId })).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
    expect(await fullyRead(room)).toBeUndefined();
  });
});
