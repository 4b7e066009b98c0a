import { type RoomId, SUPPORTED_ROOM_VERSIONS, type UserId } from "@croft/protocol";
import { type TestRooms, testRooms } from "@croft/testkit";
import { expect, test } from "vitest";
import { createRoom } from "./create-room.ts";

const alice: UserId = "@alice:here";

const contentOf = (rooms: TestRooms, roomId: RoomId, type: string, stateKey = "") =>
  rooms.graph.append(roomId, async (room) => (await room.state(type, stateKey))?.content);

test.each(SUPPORTED_ROOM_VERSIONS)(
  "a room of version %s has its creator in it and its first state",
  async (version) => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, version, name: "Pub", topic: "Beer" });
    expect(await rooms.storage.read.memberships.get(roomId, alice)).toMatchObject({ membership: "join" });
    expect(await contentOf(rooms, roomId, "m.room.name")).toEqual({ name: "Pub" });
    expect(await contentOf(rooms, roomId, "m.room.create")).toMatchObject({ room_version: version });
    expect(await rooms.storage.read.rooms.byId(roomId)).toMatchObject({ version, creator: alice });
    const events = await rooms.storage.read.events.latest({
      roomId,
      after: 0,
      upTo: rooms.storage.position(),
      limit: 50,
    });
    expect(events.map(({ type }) => type)).toEqual([
      "m.room.create",
      "m.room.member",
      "m.room.power_levels",
      "m.room.join_rules",
      "m.room.history_visibility",
      "m.room.guest_access",
      "m.room.name",
      "m.room.topic",
    ]);
  },
);
