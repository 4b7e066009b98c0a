import type { UserId } from "@croft/protocol";
import { silentLogger } from "@croft/runtime";
import { testRooms } from "@croft/testkit";
import { expect, test } from "vitest";
import { createRoom } from "../creation/create-room.ts";
import { ProfilePropagation } from "./profile-propagation.ts";

const alice: UserId = "@alice:here";

test("of changes that follow each other the last is what rooms say, and nothing is left to do", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  await using propagation = new ProfilePropagation({ ...rooms, logger: silentLogger });
  for (const displayname of ["A", "B", "C"]) {
    rooms.profilesByUser.set(alice, { displayname });
    await rooms.storage.write(async (tx) => tx.pendingProfiles.add(alice));
    propagation.profileChanged(alice);
  }
  await propagation.idle();
  const content = await rooms.graph.append(roomId, async (room) => (await room.state("m.room.member", alice))?.content);
  expect(content).toEqual({ membership: "join", displayname: "C" });
  expect(await rooms.storage.read.pendingProfiles.all()).toEqual([]);
});

test("what a crash left undone is done after it", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  rooms.profilesByUser.set(alice, { displayname: "A" });
  const crashed = new ProfilePropagation({ ...rooms, logger: silentLogger });
  await crashed[Symbol.asyncDispose]();
  await rooms.storage.write(async (tx) => tx.pendingProfiles.add(alice));
  crashed.profileChanged(alice);
  await crashed.idle();
  expect(await rooms.storage.read.pendingProfiles.all()).toEqual([alice]);
  await using propagation = new ProfilePropagation({ ...rooms, logger: silentLogger });
  await propagation.resume();
  await propagation.idle();
  const content = await rooms.graph.append(roomId, async (room) => (await room.state("m.room.member", alice))?.content);
  expect(content).toMatchObject({ displayname: "A" });
});
