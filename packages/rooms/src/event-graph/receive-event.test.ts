import {
  type EventId,
  type JsonObject,
  type Pdu,
  type RoomId,
  roomVersion,
  stateMapKey,
  type UserId,
} from "@croft/protocol";
import { ed25519SigningKey } from "@croft/runtime";
import { type TestRooms, testRooms } from "@croft/testkit";
import { describe, expect, test } from "vitest";
import { createRoom } from "../creation/create-room.ts";
import { banUser } from "../membership/ban-user.ts";
import { buildEvent } from "./build-event.ts";
import { parsePdu } from "./parse-pdu.ts";
import type { EventDraft } from "./staged-event.ts";

const alice: UserId = "@alice:here";
const dave: UserId = "@dave:there";
const { publicKey, sign } = ed25519SigningKey(new Uint8Array(32).fill(9));

/** A server that makes its events on whatever it believes the room to be: the state at `after` is its own. */
function there(rooms: TestRooms, roomId: RoomId) {
  const version = roomVersion("12");
  if (version === undefined) throw new Error("no version 12");
  const key = (type: string, stateKey = "") => stateMapKey(type, stateKey);
  const { read } = rooms.storage;
  return {
    async build(draft: EventDraft, after: readonly EventId[]) {
      const prev = await read.events.byIds(after);
      const state = await read.roomState.map(prev[0]?.stateAfter ?? 0);
      const keys = [key("m.room.power_levels"), key("m.room.member", draft.sender)];
      if (draft.type === "m.room.member") keys.push(key("m.room.join_rules"));
      const cited = await read.events.byIds(keys.flatMap((wanted) => state.get(wanted) ?? []));
      return buildEvent(
        { ...rooms, serverName: "there", signingKey: { keyId: "ed25519:1", publicKey, sign } },
        {
          draft,
          roomId,
          version,
          prevEvents: prev.map(({ eventId, depth }) => ({ eventId, depth })),
          authEvents: cited.map(({ eventId, json }) => ({ eventId, pdu: parsePdu(json, version) })),
        },
      );
    },
  };
}

const ends = async ({ storage }: TestRooms, roomId: RoomId) =>
  (await storage.read.rooms.head(roomId))?.forwardExtremities.map(({ eventId }) => eventId) ?? [];
const topic = (rooms: TestRooms, roomId: RoomId): Promise<JsonObject | undefined> =>
  rooms.graph.append(roomId, async (room) => (await room.state("m.room.topic", ""))?.content);
const message = (sender: UserId, body: string) => ({ type: "m.room.message", sender, content: { body } });

/** A public room of alice's in which dave, of another server, is. */
async function sharedRoom(rooms: TestRooms, users: { [userId: string]: number } = {}) {
  const roomId = await createRoom(rooms, { creator: alice, preset: "public_chat", powerLevelOverride: { users } });
  const server = there(rooms, roomId);
  const join: EventDraft = { type: "m.room.member", stateKey: dave, sender: dave, content: { membership: "join" } };
  const joined = await server.build(join, await ends(rooms, roomId));
  expect(await rooms.graph.receive(roomId, joined)).toMatchObject({ outcome: "accepted" });
  return { roomId, server, joined: joined.eventId };
}

test("a join from elsewhere makes a member, and a message of theirs is history", async () => {
  await using rooms = await testRooms();
  const { roomId, server, joined } = await sharedRoom(rooms);
  expect(await rooms.storage.read.memberships.get(roomId, dave)).toMatchObject({ membership: "join", eventId: joined });
  const said = await server.build(message(dave, "hello"), [joined]);
  expect(await rooms.graph.receive(roomId, said)).toEqual({ outcome: "accepted", reason: undefined });
  expect(await rooms.graph.receive(roomId, said)).toEqual({ outcome: "known", status: "accepted" });
  expect(await ends(rooms, roomId)).toEqual([said.eventId]);
  const stored = await rooms.storage.read.events.byId(said.eventId);
  expect(JSON.parse(stored?.json.slice(stored.contentStart, stored.contentEnd) ?? "")).toEqual({ body: "hello" });
});

test("an event whose past is unknown waits for it", async () => {
  await using rooms = await testRooms();
  const { roomId, server, joined } = await sharedRoom(rooms);
  const first = await server.build(message(dave, "1"), [joined]);
  const pdu: Pdu = { ...first.pdu, prev_events: ["$unknown"] };
  expect(await rooms.graph.receive(roomId, { eventId: "$second", pdu })).toEqual({
    outcome: "missing",
    eventIds: ["$unknown"],
  });
  expect(await rooms.storage.read.events.byId("$second")).toBeUndefined();
});

test("an event of another room is no past of this one, and its state none of this room's", async () => {
  await using rooms = await testRooms();
  const { roomId, server, joined } = await sharedRoom(rooms);
  const own = await createRoom(rooms, { creator: alice, topic: "elsewhere" });
  const said = await server.build(message(dave, "1"), [joined]);
  const prev_events = await ends(rooms, own);
  const received = { eventId: "$spliced", pdu: { ...said.pdu, prev_events } } as const;
  expect(await rooms.graph.receive(roomId, received)).toEqual({ outcome: "missing", eventIds: prev_events });
  expect(await topic(rooms, roomId)).toBeUndefined();
});

describe("of two ends of the graph", () => {
  test("the next event here names both, and one is left", async () => {
    await using rooms = await testRooms();
    const { roomId, server, joined } = await sharedRoom(rooms);
    const here = await rooms.graph.append(roomId, (room) => room.add(message(alice, "here")));
    const theirs = await server.build(message(dave, "there"), [joined]);
    await rooms.graph.receive(roomId, theirs);
    expect((await ends(rooms, roomId)).toSorted()).toEqual([here.eventId, theirs.eventId].toSorted());
    const merge = await rooms.graph.append(roomId, (room) => room.add(message(alice, "both")));
    expect([...merge.pdu.prev_events].toSorted()).toEqual([here.eventId, theirs.eventId].toSorted());
    expect(await ends(rooms, roomId)).toEqual([merge.eventId]);
  });

  test("the state is resolved, and what a restart reads is the same", async () => {
    await using rooms = await testRooms();
    const { roomId, server, joined } = await sharedRoom(rooms, { [dave]: 50 });
    const set = (sender: UserId, text: string): EventDraft => ({
      type: "m.room.topic",
      stateKey: "",
      sender,
      content: { topic: text },
    });
    await rooms.graph.append(roomId, (room) => room.add(set(alice, "here")));
    rooms.clock.advance(1000);
    const theirs = await server.build(set(dave, "there"), [joined]);
    expect(await rooms.graph.receive(roomId, theirs)).toMatchObject({ outcome: "accepted" });
    // Neither knew of the other: the later one is applied last.
    expect(await topic(rooms, roomId)).toEqual({ topic: "there" });
    const head = await rooms.storage.read.rooms.head(roomId);
    const stored = await rooms.storage.read.roomState.get(head?.stateGroup ?? 0, stateMapKey("m.room.topic", ""));
    expect(stored).toBe(theirs.eventId);
    const deltas = await rooms.storage.read.roomState.deltas(roomId, 0, rooms.storage.position());
    expect(deltas.at(-1)).toMatchObject({ eventId: theirs.eventId });
  });
});

test("an event the current state forbids is kept from view, and is no end of the graph", async () => {
  await using rooms = await testRooms();
  const { roomId, server, joined } = await sharedRoom(rooms);
  await banUser(rooms, { requester: alice, roomId, userId: dave });
  const before = await ends(rooms, roomId);
  const said = await server.build(message(dave, "still here"), [joined]);
  expect(await rooms.graph.receive(roomId, said)).toMatchObject({ outcome: "softFailed" });
  expect(await rooms.storage.read.events.byId(said.eventId)).toMatchObject({ status: "softFailed" });
  expect(await ends(rooms, roomId)).toEqual(before);
  const shown = await rooms.storage.read.events.latest({ roomId, after: 0, upTo: rooms.storage.position(), limit: 50 });
  expect(shown.map(({ eventId }) => eventId)).not.toContain(said.eventId);
});

test("an event its own past forbids is rejected, and changes no state", async () => {
  await using rooms = await testRooms();
  const { roomId, server, joined } = await sharedRoom(rooms);
  const draft: EventDraft = { type: "m.room.topic", stateKey: "", sender: dave, content: { topic: "mine" } };
  const theirs = await server.build(draft, [joined]);
  expect(await rooms.graph.receive(roomId, theirs)).toMatchObject({
    outcome: "rejected",
    reason: expect.stringContaining("m.room.topic"),
  });
  const stored = await rooms.storage.read.events.byId(theirs.eventId);
  expect(stored?.stateAfter).toBe(stored?.stateBefore);
  expect(await topic(rooms, roomId)).toBeUndefined();
});
