import type { EventId, UserId } from "@croft/protocol";
import { TestClock } from "@croft/runtime";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ListRelationsArgs, listRelations } from "./list-relations.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";

let opened: TestStorage;
let rooms = 0;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const newRoom = () => StoredRoom.create(opened.storage, { creator: ALICE, name: `relations${rooms++}` });

const relate = (room: StoredRoom, eventId: EventId, relType: string, sender: UserId = ALICE) =>
  room.append({ type: "m.room.message", sender, content: {}, relatesTo: { eventId, relType } });

type Reply = { chunk: { event_id: string }[]; next_batch?: string; prev_batch?: string; recursion_depth?: number };

async function relations(room: StoredRoom, eventId: EventId, args: Partial<ListRelationsArgs> = {}): Promise<Reply> {
  const deps = { storage: opened.storage, clock: new TestClock() };
  const { roomId } = room;
  return JSON.parse(await listRelations(deps, { roomId, userId: ALICE, deviceId: "D", eventId, ...args }));
}

const ids = (reply: Reply) => reply.chunk.map((event) => event.event_id);

test("relations are paged newest first until next_batch is left out", async () => {
  const room = await newRoom();
  const root = await room.message(ALICE, "root");
  const related = [];
  for (let count = 0; count < 3; count++) related.unshift((await relate(room, root.eventId, "m.thread")).eventId);
  const first = await relations(room, root.eventId, { limit: 2 });
  const second = await relations(room, root.eventId, { limit: 2, from: first.next_batch });
  expect([...ids(first), ...ids(second)]).toEqual(related);
  expect(first).not.toHaveProperty("prev_batch");
  expect(second.prev_batch).toBe(first.next_batch);
  expect(second).not.toHaveProperty("next_batch");
  expect(ids(await relations(room, root.eventId, { dir: "f" }))).toEqual(related.toReversed());
});

test("recurse brings what relates to relations, and says how deep it went", async () => {
  const room = await newRoom();
  const root = await room.message(ALICE, "root");
  const reply = await relate(room, root.eventId, "m.thread");
  const reaction = await relate(room, reply.eventId, "m.annotation");
  const direct = await relations(room, root.eventId);
  expect(ids(direct)).toEqual([reply.eventId]);
  expect(direct).not.toHaveProperty("recursion_depth");
  const deep = await relations(room, root.eventId, { recurse: true });
  expect(ids(deep)).toEqual([reaction.eventId, reply.eventId]);
  expect(deep.recursion_depth).toBe(3);
});

test("what the reader may not see is left out, and a parent they may not see is not found", async () => {
  const room = await newRoom();
  const root = await room.message(ALICE, "root");
  await room.historyVisibility(ALICE, "joined");
  await relate(room, root.eventId, "m.thread");
  await room.member(BOB, "join");
  const seen = await relate(room, root.eventId, "m.thread");
  expect(ids(await relations(room, root.eventId, { userId: BOB }))).toEqual([seen.eventId]);
  const hidden = { userId: "@eve:test" } as const;
  await expect(relations(room, root.eventId, hidden)).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
});
