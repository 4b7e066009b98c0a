import { type JsonObject, type RoomId, SUPPORTED_ROOM_VERSIONS, type UserId } from "@croft/protocol";
import { type TestRooms, testRooms } from "@croft/testkit";
import { describe, expect, test } from "vitest";
import { createRoom } from "./create-room.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";
const carol: UserId = "@carol:here";

const contentOf = (rooms: TestRooms, roomId: RoomId, type: string, stateKey = ""): Promise<JsonObject | undefined> =>
  rooms.graph.append(roomId, async (room) => (await room.state(type, stateKey))?.content);

const typesOf = async ({ storage }: TestRooms, roomId: RoomId) =>
  (await storage.read.events.latest({ roomId, after: 0, upTo: storage.position(), limit: 50 })).map(({ type }) => type);

test.each(SUPPORTED_ROOM_VERSIONS)(
  "a room of version %s has its creator in it and its first state",
  async (version) => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, version, name: "Pub", topic: "Beer" });
    expect(await rooms.storage.read.memberships.get(roomId, alice)).toMatchObject({ membership: "join" });
    expect(await contentOf(rooms, roomId, "m.room.name")).toEqual({ name: "Pub" });
    expect(await contentOf(rooms, roomId, "m.room.topic")).toMatchObject({ topic: "Beer" });
    expect(await contentOf(rooms, roomId, "m.room.create")).toMatchObject({ room_version: version });
    expect(await rooms.storage.read.rooms.byId(roomId)).toMatchObject({ version, creator: alice });
    expect(await typesOf(rooms, roomId)).toEqual([
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

test("a room's version is 12 unless another is asked for, and its id the create event's", async () => {
  await using rooms = await testRooms();
  const roomId = await createRoom(rooms, { creator: alice });
  const createId = await rooms.graph.append(roomId, async (room) => room.stateEventId("m.room.create", ""));
  expect(roomId).toBe(`!${createId?.slice(1)}`);
  expect(await rooms.storage.read.rooms.byId(roomId)).toMatchObject({ version: "12" });
});

test("rooms made in the same moment are different rooms", async () => {
  await using rooms = await testRooms();
  const ids = await Promise.all(Array.from({ length: 20 }, () => createRoom(rooms, { creator: alice })));
  expect(new Set(ids).size).toBe(20);
});

test("an unknown version is refused", async () => {
  await using rooms = await testRooms();
  const creation = createRoom(rooms, { creator: alice, version: "agnes" });
  await expect(creation).rejects.toMatchObject({ errcode: "M_UNSUPPORTED_ROOM_VERSION", status: 400 });
});

describe("a preset", () => {
  test.each([
    [{ preset: "private_chat" }, "invite", "can_join"],
    [{ preset: "trusted_private_chat" }, "invite", "can_join"],
    [{ preset: "public_chat" }, "public", "forbidden"],
    [{ visibility: "public" }, "public", "forbidden"],
    [{ visibility: "private" }, "invite", "can_join"],
    [{ visibility: "public", preset: "private_chat" }, "invite", "can_join"],
  ] as const)("%j means join rule %s and guests %s", async (wishes, joinRule, guestAccess) => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, ...wishes });
    expect(await contentOf(rooms, roomId, "m.room.join_rules")).toEqual({ join_rule: joinRule });
    expect(await contentOf(rooms, roomId, "m.room.guest_access")).toEqual({ guest_access: guestAccess });
    expect(await contentOf(rooms, roomId, "m.room.history_visibility")).toEqual({ history_visibility: "shared" });
  });

  test("of trust gives invitees the creator's power: by level up to version 11, as creators since", async () => {
    await using rooms = await testRooms();
    const wishes = { creator: alice, preset: "trusted_private_chat", invite: [bob] } as const;
    const older = await createRoom(rooms, { ...wishes, version: "11" });
    expect(await contentOf(rooms, older, "m.room.power_levels")).toMatchObject({ users: { [alice]: 100, [bob]: 100 } });
    const newer = await createRoom(rooms, { ...wishes, creationContent: { additional_creators: [carol, bob] } });
    expect(await contentOf(rooms, newer, "m.room.create")).toMatchObject({ additional_creators: [carol, bob] });
    expect(await contentOf(rooms, newer, "m.room.power_levels")).toMatchObject({ users: {} });
  });
});

describe("power levels", () => {
  test("make replacing a version 12 room harder than anything else", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice });
    expect(await contentOf(rooms, roomId, "m.room.power_levels")).toMatchObject({
      events: { "m.room.tombstone": 150 },
      state_default: 50,
    });
  });

  test("are overridden key by key", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, {
      creator: alice,
      powerLevelOverride: { invite: 100, users: { [bob]: 50 } },
    });
    const levels = await contentOf(rooms, roomId, "m.room.power_levels");
    expect(levels).toMatchObject({ invite: 100, users: { [bob]: 50 }, ban: 50 });
  });

  test("cannot name a creator in version 12", async () => {
    await using rooms = await testRooms();
    const creation = createRoom(rooms, { creator: alice, powerLevelOverride: { users: { [alice]: 100 } } });
    await expect(creation).rejects.toMatchObject({ status: 400 });
  });

  test("too low for the creator to set what was asked for leave no room behind", async () => {
    await using rooms = await testRooms();
    const powerLevelOverride = { users: { [alice]: 0 }, state_default: 50 };
    const creation = createRoom(rooms, { creator: alice, version: "11", name: "x", powerLevelOverride });
    await expect(creation).rejects.toMatchObject({ errcode: "M_INVALID_ROOM_STATE", status: 400 });
    expect(await rooms.storage.read.memberships.ofUser(alice, ["join"])).toEqual([]);
  });
});

describe("initial state", () => {
  test("goes before what the preset says, and behind name and topic", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, {
      creator: alice,
      name: "Second",
      initialState: [
        { type: "m.room.history_visibility", stateKey: "", content: { history_visibility: "joined" } },
        { type: "m.room.name", stateKey: "", content: { name: "First" } },
        { type: "m.room.encryption", stateKey: "", content: { algorithm: "m.megolm.v1.aes-sha2" } },
      ],
    });
    expect(await contentOf(rooms, roomId, "m.room.history_visibility")).toEqual({ history_visibility: "joined" });
    expect(await contentOf(rooms, roomId, "m.room.name")).toEqual({ name: "Second" });
    expect(await contentOf(rooms, roomId, "m.room.encryption")).toMatchObject({ algorithm: "m.megolm.v1.aes-sha2" });
    expect((await typesOf(rooms, roomId)).filter((type) => type === "m.room.name")).toHaveLength(1);
  });
});

describe("an alias", () => {
  test("becomes the canonical one, and the directory lists a public room", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, aliasName: "pub", visibility: "public" });
    expect(await rooms.storage.read.roomAliases.get("#pub:here")).toMatchObject({ roomId, creator: alice });
    expect(await contentOf(rooms, roomId, "m.room.canonical_alias")).toEqual({ alias: "#pub:here" });
    expect(await rooms.storage.read.roomDirectory.isPublished(roomId)).toBe(true);
  });

  test("belongs to one of two rooms made at once, and the other is not made", async () => {
    await using rooms = await testRooms();
    const made = await Promise.allSettled(
      [alice, bob].map((creator) => createRoom(rooms, { creator, aliasName: "pub" })),
    );
    expect(made.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(made.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { errcode: "M_ROOM_IN_USE", status: 400 },
    });
  });

  test.each(["with space", "co:lon", ""])("%j is refused", async (aliasName) => {
    await using rooms = await testRooms();
    await expect(createRoom(rooms, { creator: alice, aliasName })).rejects.toMatchObject({
      errcode: "M_INVALID_PARAM",
    });
  });
});

test("invitees are invited with the room's name and what marks a direct chat", async () => {
  await using rooms = await testRooms();
  rooms.profilesByUser.set(alice, { displayname: "Alice" });
  const roomId = await createRoom(rooms, { creator: alice, invite: [bob, bob, alice], isDirect: true, name: "Pub" });
  const invite = await rooms.storage.read.memberships.get(roomId, bob);
  expect(invite).toMatchObject({ membership: "invite", sender: alice });
  expect(await contentOf(rooms, roomId, "m.room.member", bob)).toMatchObject({ membership: "invite", is_direct: true });
  const stripped = JSON.parse(invite?.strippedState ?? "[]") as { type: string; state_key: string }[];
  expect(stripped.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["m.room.create", "m.room.name", "m.room.join_rules", "m.room.member"]),
  );
  expect(stripped.at(-1)).toEqual({
    type: "m.room.member",
    sender: alice,
    state_key: bob,
    content: { membership: "invite", is_direct: true },
  });
  expect(stripped.every((event) => Object.keys(event).toSorted().join() === "content,sender,state_key,type")).toBe(
    true,
  );
});
