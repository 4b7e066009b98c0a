import type { RoomId, UserId } from "@croft/protocol";
import { testRooms } from "@croft/testkit";
import { expect, test } from "vitest";
import { createRoom } from "../creation/create-room.ts";
import { joinRoom } from "./join-room.ts";
import { propagateProfile } from "./propagate-profile.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";

test("a new name reaches every room the user is in, within the same stay", async () => {
  await using rooms = await testRooms();
  rooms.profilesByUser.set(bob, { displayname: "Bob", avatar_url: "mxc://here/b" });
  const roomIds: RoomId[] = [];
  for (let index = 0; index < 3; index++) {
    const roomId = await createRoom(rooms, { creator: alice, preset: "public_chat" });
    await joinRoom(rooms, { joiner: { userId: bob, isGuest: false }, roomId });
    roomIds.push(roomId);
  }
  rooms.profilesByUser.set(bob, { displayname: "Robert" });
  await propagateProfile(rooms, bob);
  for (const roomId of roomIds) {
    const membership = await rooms.storage.read.memberships.get(roomId, bob);
    expect(membership?.joinedSince).toBeLessThan(membership?.position ?? 0);
    const content = await rooms.graph.append(roomId, async (room) => (await room.state("m.room.member", bob))?.content);
    expect(content).toEqual({ membership: "join", displayname: "Robert" });
  }
  const position = rooms.storage.position();
  await propagateProfile(rooms, bob);
  expect(rooms.storage.position()).toBe(position);
});
