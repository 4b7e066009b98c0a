import type { RoomId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { SyncScene } from "@croft/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JoinedRooms } from "./joined-rooms.ts";

const ALICE = "@alice:here";
const BOB = "@bob:here";

let scene: SyncScene;
beforeEach(async () => {
  scene = await SyncScene.open();
});
afterEach(() => scene[Symbol.asyncDispose]());

const roomsOf = (joined: JoinedRooms, userId: UserId): Promise<RoomId[]> =>
  joined.read(userId, 0, ({ rooms }) => [...rooms.keys()]);

test("follows joins and leaves from one question to the next, both ways round", async () => {
  const joined = new JoinedRooms({ ...scene.rooms, isWaiting: () => false });
  const one = await scene.room(ALICE);
  expect(await roomsOf(joined, ALICE)).toEqual([one]);
  const two = await scene.room(BOB);
  await scene.join(ALICE, two);
  await scene.leave(ALICE, one);
  expect(await roomsOf(joined, ALICE)).toEqual([two]);
  expect([...joined.users(two)]).toEqual([ALICE]);
  expect([...joined.users(one)]).toEqual([]);
});

test("tells where the present stay began: a profile change is no new join", async () => {
  const joined = new JoinedRooms({ ...scene.rooms, isWaiting: () => false });
  const roomId = await scene.room(ALICE);
  const since = () => joined.read(ALICE, 0, ({ rooms }) => rooms.get(roomId));
  const before = await since();
  await scene.set(ALICE, roomId, "m.room.member", { membership: "join", displayname: "Al" }, ALICE);
  expect(await since()).toBe(before);
});

test("tells of a join though another change came over it before the commits are announced", async () => {
  const { storage } = scene.rooms;
  let announced: number | undefined;
  const behind: Storage<"memberships"> = {
    read: storage.read,
    write: (useCase, options) => storage.write(useCase, options),
    onCommitted: (listener) => storage.onCommitted(listener),
    position: () => announced ?? storage.position(),
  };
  const joined = new JoinedRooms({ storage: behind, isWaiting: () => false });
  await roomsOf(joined, ALICE);
  const roomId = await scene.room(BOB);
  await scene.join(ALICE, roomId);
  announced = storage.position();
  await scene.set(ALICE, roomId, "m.room.member", { membership: "join", displayname: "Al" }, ALICE);
  const read = joined.read(ALICE, 0, ({ rooms, upTo }) => [[...rooms.keys()], upTo]);
  await new Promise(setImmediate);
  announced = undefined;
  expect(await read).toEqual([[roomId], storage.position()]);
});

test("forgets who has not asked for longest, but nobody who waits", async () => {
  const waiting = new Set<UserId>([ALICE]);
  const joined = new JoinedRooms({ ...scene.rooms, isWaiting: (userId) => waiting.has(userId), maxKept: 1 });
  await scene.room(ALICE);
  await scene.room(BOB);
  await roomsOf(joined, ALICE);
  await roomsOf(joined, BOB);
  expect(joined.known(ALICE)?.size).toBe(1);
  waiting.clear();
  await roomsOf(joined, BOB);
  expect(joined.known(ALICE)).toBeUndefined();
  expect(joined.known(BOB)?.size).toBe(1);
});
