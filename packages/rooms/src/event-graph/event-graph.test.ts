import { type EventId, forbidden, type JsonObject, type Pdu, type RoomId, type UserId } from "@croft/protocol";
import { GuardFailed, type Storage, StorageUnavailable, type StoreName, type Stores } from "@croft/storage";
import { type TestRooms, testRooms } from "@croft/testkit";
import { sharedPostgres } from "@croft/testkit/postgres";
import { describe, expect, test, vi } from "vitest";
import { createRoom } from "../creation/create-room.ts";
import { banUser } from "../membership/ban-user.ts";
import { joinRoom } from "../membership/join-room.ts";
import { createEventGraph, type EventGraph } from "./event-graph.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";

const say = (graph: EventGraph, roomId: RoomId, body: string): Promise<EventId> =>
  graph.append(roomId, async (room) => {
    const content = { msgtype: "m.text", body };
    return (await room.add({ type: "m.room.message", sender: alice, content })).eventId;
  });

const history = async ({ storage }: TestRooms, roomId: RoomId) =>
  (await storage.read.events.latest({ roomId, after: 0, upTo: storage.position(), limit: 1000 })).map((event) => ({
    ...event,
    pdu: JSON.parse(event.json) as Pdu,
  }));

/** Every event names the one before it and no other, and the store's head is the last. */
async function expectLinear(rooms: TestRooms, roomId: RoomId): Promise<void> {
  const events = await history(rooms, roomId);
  events.forEach((event, index) => {
    expect(event.pdu.prev_events).toEqual(index === 0 ? [] : [events[index - 1]?.eventId]);
    expect(event.depth).toBe(index + 1);
    expect(event.stateBefore).toBe(index === 0 ? 0 : events[index - 1]?.stateAfter);
  });
  const last = events.at(-1);
  expect(await rooms.storage.read.rooms.head(roomId)).toEqual({
    forwardExtremities: [{ eventId: last?.eventId, depth: last?.depth }],
    stateGroup: last?.stateAfter,
  });
}

const bodies = (events: readonly { readonly pdu: Pdu }[]) =>
  events.flatMap(({ pdu }) => (pdu.type === "m.room.message" ? [pdu.content["body"]] : []));

/** The storage, but for what `spoil` makes of each write: the number of the write counts from 1. */
function spoilt(
  storage: Storage<StoreName>,
  spoil: (number: number) => "guard" | "disk" | undefined,
): Storage<StoreName> {
  let number = 0;
  return {
    read: storage.read,
    position: () => storage.position(),
    onCommitted: (listener) => storage.onCommitted(listener),
    async write(useCase, options) {
      const fault = spoil(++number);
      if (fault === undefined) return storage.write(useCase, options);
      const failing: typeof useCase = async (tx) => {
        const result = await useCase(tx);
        tx.roomAliases.delete({ alias: "#none:here", roomId: "!none:here", creator: alice });
        return result;
      };
      return storage.write(failing, { ...options, reruns: 0 }).catch((error: unknown) => {
        throw fault === "disk" && error instanceof GuardFailed ? new StorageUnavailable("the disk is full") : error;
      });
    },
  };
}

describe.each(["sqlite", "postgres"] as const)("on %s", (kind) => {
  const open = async () =>
    testRooms(kind === "sqlite" ? {} : { engine: { kind, url: await (await sharedPostgres()).createDatabase() } });

  test("64 messages sent at once make a line in which none is lost or doubled", async () => {
    await using rooms = await open();
    const roomId = await createRoom(rooms, { creator: alice });
    const sent = Array.from({ length: 64 }, (_, index) => `message ${index}`);
    const eventIds = await Promise.all(sent.map((body) => say(rooms.graph, roomId, body)));
    const events = await history(rooms, roomId);
    expect(bodies(events)).toEqual(sent);
    expect(events.slice(-64).map(({ eventId }) => eventId)).toEqual(eventIds);
    await expectLinear(rooms, roomId);
  });

  test("what was built on a write that was overtaken is built again", async () => {
    await using rooms = await open();
    const roomId = await createRoom(rooms, { creator: alice });
    const storage = spoilt(rooms.storage, (number) => (number === 5 || number === 20 ? "guard" : undefined));
    const graph = createEventGraph({ ...rooms, storage });
    const sent = Array.from({ length: 16 }, (_, index) => `message ${index}`);
    await Promise.all(sent.map((body) => say(graph, roomId, body)));
    expect(bodies(await history(rooms, roomId)).toSorted()).toEqual(sent.toSorted());
    await expectLinear(rooms, roomId);
  });
});

test("a write the disk refuses fails its sender alone", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const storage = spoilt(rooms.storage, (number) => (number === 3 ? "disk" : undefined));
  const graph = createEventGraph({ ...rooms, storage });
  const sent = ["a", "b", "c", "d", "e"];
  const outcomes = await Promise.allSettled(sent.map((body) => say(graph, roomId, body)));
  expect(outcomes.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(outcomes[2]).toMatchObject({ reason: expect.any(StorageUnavailable) });
  expect(bodies(await history(rooms, roomId)).toSorted()).toEqual(["a", "b", "d", "e"]);
  await expectLinear(rooms, roomId);
});

test("state set by a write that failed is not there for the next", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice, name: "Old" });
  const storage = spoilt(rooms.storage, (number) => (number === 1 ? "disk" : undefined));
  const graph = createEventGraph({ ...rooms, storage });
  const rename = graph.append(roomId, (room) =>
    room.add({ type: "m.room.name", stateKey: "", sender: alice, content: { name: "New" } }),
  );
  const read = graph.append(roomId, async (room) => (await room.state("m.room.name", ""))?.content);
  await expect(rename).rejects.toThrow(StorageUnavailable);
  expect(await read).toEqual({ name: "Old" });
});

test("what a write that failed forbade is not forbidden", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice, preset: "public_chat" });
  await joinRoom(rooms, { joiner: { userId: bob, isGuest: false }, roomId });
  const storage = spoilt(rooms.storage, (number) => (number === 1 ? "disk" : undefined));
  const graph = createEventGraph({ ...rooms, storage });
  const banned = banUser({ ...rooms, graph }, { requester: alice, roomId, userId: bob });
  const said = graph.append(roomId, (room) => room.add({ type: "m.room.message", sender: bob, content: {} }));
  await expect(banned).rejects.toThrow(StorageUnavailable);
  expect((await said).eventId).toMatch(/^\$/);
  await expectLinear(rooms, roomId);
});

test("who asks what is there waits for the writes before the question, not for those after", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const commits: (() => void)[] = [];
  const storage: Storage<StoreName> = {
    read: rooms.storage.read,
    position: () => rooms.storage.position(),
    onCommitted: (listener) => rooms.storage.onCommitted(listener),
    async write(useCase, options) {
      const result = await rooms.storage.write(useCase, options);
      await new Promise<void>((resolve) => commits.push(resolve));
      return result;
    },
  };
  const graph = createEventGraph({ ...rooms, storage });
  const before = say(graph, roomId, "before");
  const asked = graph.append(roomId, async (room) => room.joined);
  const after = say(graph, roomId, "after");
  await vi.waitFor(() => expect(commits).toHaveLength(2));
  let isAnswered = false;
  void asked.then(() => {
    isAnswered = true;
  });
  commits[0]?.();
  await before;
  await new Promise(setImmediate);
  expect(isAnswered).toBe(true);
  commits[1]?.();
  await after;
});

test("a redacted state event is never again read as it was", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice, topic: "secret" });
  const graph = createEventGraph(rooms);
  const topic = () => graph.append(roomId, async (room) => (await room.state("m.room.topic", ""))?.content);
  const redacted = graph.append(roomId, (room) => {
    const redacts = room.stateEventId("m.room.topic", "");
    return room.add({ type: "m.room.redaction", sender: alice, content: {}, redacts });
  });
  // Read between the hand-over and the commit, when the store still has the old text.
  const during = topic();
  await redacted;
  expect(await during).toEqual({});
  expect(await topic()).toEqual({});
});

test("who leaves, or is thrown out, types no longer, once that is sure", async () => {
  const stopped: [RoomId, UserId][] = [];
  await using rooms = await testRooms({ typing: { stop: (...who) => void stopped.push(who) } });
  const roomId = await createRoom(rooms, { creator: alice, preset: "public_chat" });
  await joinRoom(rooms, { joiner: { userId: bob, isGuest: false }, roomId });
  expect(stopped).toEqual([]);
  const storage = spoilt(rooms.storage, () => "disk");
  const failed = banUser(
    { ...rooms, graph: createEventGraph({ ...rooms, storage }) },
    { requester: alice, roomId, userId: bob },
  );
  await expect(failed).rejects.toThrow(StorageUnavailable);
  expect(stopped).toEqual([]);
  await banUser(rooms, { requester: alice, roomId, userId: bob });
  expect(stopped).toEqual([[roomId, bob]]);
});

test("a room whose creation fails leaves nothing in memory", async () => {
  await using rooms = await testRooms();
  const storage = spoilt(rooms.storage, () => "disk");
  const graph = createEventGraph({ ...rooms, storage });
  await expect(createRoom({ ...rooms, graph }, { creator: alice })).rejects.toThrow(StorageUnavailable);
  const refused = createRoom({ ...rooms, graph }, { creator: alice, version: "11", powerLevelOverride: { users: {} } });
  await expect(refused).rejects.toMatchObject({ errcode: "M_INVALID_ROOM_STATE" });
  expect(graph.warmRooms).toBe(0);
});

test("a use case that adds several events adds all or none", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const before = await history(rooms, roomId);
  const half = rooms.graph.append(roomId, async (room) => {
    await room.add({ type: "m.room.message", sender: alice, content: {} });
    throw forbidden("no");
  });
  await expect(half).rejects.toThrow("no");
  expect(await history(rooms, roomId)).toEqual(before);
  await say(rooms.graph, roomId, "after");
  await expectLinear(rooms, roomId);
});

test("a message into a warm room reads nothing from the database", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  await say(rooms.graph, roomId, "first");
  const before = rooms.storage.metrics().queries;
  await say(rooms.graph, roomId, "second");
  expect(rooms.storage.metrics().queries).toBe(before);
});

test("heads leave memory when they outgrow it, and come back from the store", async () => {
  await using rooms = await testRooms({ maxHeadBytes: 30_000 });
  const ids: RoomId[] = [];
  for (let index = 0; index < 5; index++) ids.push(await createRoom(rooms, { creator: alice }));
  expect(rooms.graph.warmRooms).toBeGreaterThan(0);
  expect(rooms.graph.warmRooms).toBeLessThan(5);
  for (const roomId of ids) await say(rooms.graph, roomId, "still here");
  for (const roomId of ids) await expectLinear(rooms, roomId);
});

test("an event that canonical JSON cannot say is refused, and the room goes on", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const send = (content: JsonObject) =>
    rooms.graph.append(roomId, (room) => room.add({ type: "m.room.message", sender: alice, content }));
  await expect(send({ half: 0.5 })).rejects.toMatchObject({ errcode: "M_BAD_JSON" });
  await expect(send({ body: "x".repeat(66_000) })).rejects.toMatchObject({ errcode: "M_TOO_LARGE" });
  await say(rooms.graph, roomId, "after");
  await expectLinear(rooms, roomId);
});

test("a room nobody made is not found", async () => {
  await using rooms = await testRooms();
  await expect(say(rooms.graph, "!none:here", "x")).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
});

test("whoever judges notifications sees the room with the event in it, and writes beside it", async () => {
  const seen: unknown[] = [];
  await using rooms = await testRooms({
    judge: {
      async judge({ event, joined, state, threadRoot }) {
        const name = (await state("m.room.name", ""))?.content["name"];
        seen.push([event.type, joined, name, threadRoot]);
        const record = (tx: Stores) => tx.roomAliases.create({ alias: "#noted:here", roomId, creator: alice });
        return { notifies: true, highlights: false, ...(event.type === "m.room.message" ? { record } : undefined) };
      },
    },
  });
  const roomId: RoomId = await createRoom(rooms, { creator: alice, name: "Pub" });
  await say(rooms.graph, roomId, "hi");
  expect(seen.slice(0, 2)).toEqual([
    ["m.room.create", 0, undefined, undefined],
    ["m.room.member", 1, undefined, undefined],
  ]);
  expect(seen.at(-1)).toEqual(["m.room.message", 1, "Pub", undefined]);
  expect(await rooms.storage.read.roomAliases.get("#noted:here")).toMatchObject({ roomId });
});
