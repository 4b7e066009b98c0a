import type { JsonObject, RoomId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { type TestRooms, testRooms } from "@croft/testkit";
import { describe, expect, test } from "vitest";
import { type CreateRoomArgs, createRoom } from "../creation/create-room.ts";
import { banUser } from "./ban-user.ts";
import { forgetRoom } from "./forget-room.ts";
import { inviteUser } from "./invite-user.ts";
import { joinRoom } from "./join-room.ts";
import { joinedRooms } from "./joined-rooms.ts";
import { kickUser } from "./kick-user.ts";
import { leaveAllRooms } from "./leave-all-rooms.ts";
import { leaveRoom } from "./leave-room.ts";
import { unbanUser } from "./unban-user.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";
const carol: UserId = "@carol:here";

const publicRoom = (rooms: TestRooms, wishes: Partial<CreateRoomArgs> = {}): Promise<RoomId> =>
  createRoom(rooms, { creator: alice, preset: "public_chat", ...wishes });
const join = (rooms: TestRooms, roomId: RoomId, userId: UserId, isGuest = false) =>
  joinRoom(rooms, { joiner: { userId, isGuest }, roomId });
const standing = async (rooms: TestRooms, roomId: RoomId, userId: UserId) =>
  (await rooms.storage.read.memberships.get(roomId, userId))?.membership;
const memberContent = (rooms: TestRooms, roomId: RoomId, userId: UserId): Promise<JsonObject | undefined> =>
  rooms.graph.append(roomId, async (room) => (await room.state("m.room.member", userId))?.content);
const setState = (rooms: TestRooms, roomId: RoomId, type: string, content: JsonObject) =>
  rooms.graph.append(roomId, (room) => room.add({ type, stateKey: "", sender: alice, content }));

describe("joining", () => {
  test("a public room brings the profile, and twice is once", async () => {
    await using rooms = await testRooms();
    rooms.profilesByUser.set(bob, { displayname: "Bob", avatar_url: "mxc://here/bob" });
    const roomId = await publicRoom(rooms);
    await join(rooms, roomId, bob);
    const first = await rooms.storage.read.memberships.get(roomId, bob);
    await join(rooms, roomId, bob);
    expect(await rooms.storage.read.memberships.get(roomId, bob)).toEqual(first);
    expect(first?.joinedSince).toBe(first?.position);
    expect(await memberContent(rooms, roomId, bob)).toEqual({
      membership: "join",
      displayname: "Bob",
      avatar_url: "mxc://here/bob",
    });
    expect(await rooms.storage.read.memberships.counts(roomId)).toEqual({ joined: 2, invited: 0 });
  });

  test("a private room takes an invite", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice });
    await expect(join(rooms, roomId, bob)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await inviteUser(rooms, { requester: alice, roomId, userId: bob, reason: "come" });
    expect(await memberContent(rooms, roomId, bob)).toEqual({ membership: "invite", reason: "come" });
    await join(rooms, roomId, bob);
    expect(await standing(rooms, roomId, bob)).toBe("join");
  });

  test("is for guests only where the room lets them", async () => {
    await using rooms = await testRooms();
    const roomId = await publicRoom(rooms);
    await expect(join(rooms, roomId, bob, true)).rejects.toMatchObject({ errcode: "M_GUEST_ACCESS_FORBIDDEN" });
    await setState(rooms, roomId, "m.room.guest_access", { guest_access: "can_join" });
    await join(rooms, roomId, bob, true);
    expect(await standing(rooms, roomId, bob)).toBe("join");
  });

  test("wakes the one who joined and the room", async () => {
    await using rooms = await testRooms();
    const roomId = await publicRoom(rooms);
    const touched: unknown[] = [];
    rooms.storage.onCommitted((committed) => touched.push(...committed.touched));
    await join(rooms, roomId, bob);
    expect(touched).toEqual(expect.arrayContaining([{ roomId }, { userId: bob }]));
  });
});

describe("a restricted room", () => {
  const restrictedRoom = async (rooms: TestRooms, version: string) => {
    const space = await publicRoom(rooms);
    const allow = [{ type: "m.room_membership", room_id: space }];
    const content = { join_rule: "restricted", allow };
    const initialState = [{ type: "m.room.join_rules", stateKey: "", content }];
    return { space, roomId: await createRoom(rooms, { creator: alice, version, initialState }) };
  };

  test.each(["8", "10", "12"])(
    "of version %s takes members of the room it names, vouched for by one of its own",
    async (version) => {
      await using rooms = await testRooms();
      const { space, roomId } = await restrictedRoom(rooms, version);
      await expect(join(rooms, roomId, bob)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
      await join(rooms, space, bob);
      await join(rooms, roomId, bob);
      expect(await memberContent(rooms, roomId, bob)).toMatchObject({
        membership: "join",
        join_authorised_via_users_server: alice,
      });
    },
  );

  test("takes whoever is invited without anybody vouching", async () => {
    await using rooms = await testRooms();
    const { roomId } = await restrictedRoom(rooms, "12");
    await inviteUser(rooms, { requester: alice, roomId, userId: bob });
    await join(rooms, roomId, bob);
    expect(await memberContent(rooms, roomId, bob)).toEqual({ membership: "join" });
  });

  test("says so when nobody may vouch", async () => {
    await using rooms = await testRooms();
    const { space, roomId } = await restrictedRoom(rooms, "12");
    await join(rooms, space, bob);
    await leaveRoom(rooms, { userId: alice, roomId });
    await expect(join(rooms, roomId, bob)).rejects.toMatchObject({ errcode: "M_UNABLE_TO_GRANT_JOIN", status: 400 });
  });
});

describe("leaving", () => {
  test("twice is once; who never was there cannot", async () => {
    await using rooms = await testRooms();
    const roomId = await publicRoom(rooms);
    await join(rooms, roomId, bob);
    await leaveRoom(rooms, { userId: bob, roomId, reason: "bye" });
    const left = await rooms.storage.read.memberships.get(roomId, bob);
    expect(left).toMatchObject({ membership: "leave", joinedSince: undefined });
    await leaveRoom(rooms, { userId: bob, roomId });
    expect(await rooms.storage.read.memberships.get(roomId, bob)).toEqual(left);
    await expect(leaveRoom(rooms, { userId: carol, roomId })).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await expect(leaveRoom(rooms, { userId: bob, roomId: "!x:here" })).rejects.toMatchObject({
      errcode: "M_NOT_FOUND",
    });
  });

  test("declines an invite", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, invite: [bob] });
    await leaveRoom(rooms, { userId: bob, roomId });
    expect(await standing(rooms, roomId, bob)).toBe("leave");
  });

  test("all rooms goes on past one that cannot be left", async () => {
    await using rooms = await testRooms();
    const roomIds = [await publicRoom(rooms), await publicRoom(rooms), await publicRoom(rooms)];
    for (const roomId of roomIds) await join(rooms, roomId, bob);
    const invited = await createRoom(rooms, { creator: alice, invite: [bob] });
    await leaveAllRooms(rooms, bob);
    for (const roomId of [...roomIds, invited]) expect(await standing(rooms, roomId, bob)).toBe("leave");
    expect(await joinedRooms(rooms, bob)).toEqual([]);
  });
});

describe("kicking, banning and unbanning", () => {
  test("take the power for it", async () => {
    await using rooms = await testRooms();
    const roomId = await publicRoom(rooms);
    for (const userId of [bob, carol]) await join(rooms, roomId, userId);
    const byBob = { requester: bob, roomId, userId: carol };
    await expect(kickUser(rooms, byBob)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await expect(banUser(rooms, byBob)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await kickUser(rooms, { requester: alice, roomId, userId: carol, reason: "off" });
    expect(await memberContent(rooms, roomId, carol)).toEqual({ membership: "leave", reason: "off" });
    await banUser(rooms, { requester: alice, roomId, userId: carol });
    await expect(join(rooms, roomId, carol)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    const invite = inviteUser(rooms, { requester: alice, roomId, userId: carol });
    await expect(invite).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await unbanUser(rooms, { requester: alice, roomId, userId: carol });
    await join(rooms, roomId, carol);
    expect(await standing(rooms, roomId, carol)).toBe("join");
  });

  test("ask for a user they can be done to", async () => {
    await using rooms = await testRooms();
    const roomId = await publicRoom(rooms);
    const target = { requester: alice, roomId, userId: bob };
    await expect(kickUser(rooms, target)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await expect(unbanUser(rooms, target)).rejects.toMatchObject({ errcode: "M_BAD_STATE", status: 403 });
    await banUser(rooms, target);
    await expect(kickUser(rooms, target)).rejects.toMatchObject({ errcode: "M_BAD_STATE" });
  });
});

describe("inviting", () => {
  test("takes a member, and a user who is none", async () => {
    await using rooms = await testRooms();
    const roomId = await publicRoom(rooms);
    const byOutsider = inviteUser(rooms, { requester: bob, roomId, userId: carol });
    await expect(byOutsider).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await join(rooms, roomId, bob);
    const ofMember = inviteUser(rooms, { requester: alice, roomId, userId: bob });
    await expect(ofMember).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
  });

  test("twice leaves the first invite", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice, invite: [bob] });
    const before = await rooms.storage.read.memberships.get(roomId, bob);
    await inviteUser(rooms, { requester: alice, roomId, userId: bob });
    expect(await rooms.storage.read.memberships.get(roomId, bob)).toEqual(before);
    expect(await rooms.storage.read.memberships.counts(roomId)).toEqual({ joined: 1, invited: 1 });
  });

  test("a user of another server puts that server's signature beside ours", async () => {
    await using rooms = await testRooms();
    const roomId = await createRoom(rooms, { creator: alice });
    const remote = {
      ...rooms.remote,
      invite: async ({ event }: Parameters<typeof rooms.remote.invite>[0]) => ({
        ...event,
        signatures: { ...event.signatures, there: { "ed25519:1": "theirs" } },
      }),
    };
    await inviteUser({ ...rooms, remote }, { requester: alice, roomId, userId: "@dave:there" });
    const invite = await rooms.storage.read.memberships.get(roomId, "@dave:there");
    const event = invite && (await rooms.storage.read.events.byId(invite.eventId));
    expect(Object.keys(JSON.parse(event?.json ?? "{}").signatures).toSorted()).toEqual(["here", "there"]);
  });
});

test("a room that is joined again while it is being forgotten is not forgotten", async () => {
  await using rooms = await testRooms();
  const roomId = await publicRoom(rooms);
  await join(rooms, roomId, bob);
  await leaveRoom(rooms, { userId: bob, roomId });
  const storage: Storage<"memberships"> = {
    read: rooms.storage.read,
    position: () => rooms.storage.position(),
    onCommitted: (listener) => rooms.storage.onCommitted(listener),
    async write(useCase, options) {
      await join(rooms, roomId, bob);
      return rooms.storage.write(useCase, options);
    },
  };
  await expect(forgetRoom({ storage }, { userId: bob, roomId })).rejects.toMatchObject({ errcode: "M_UNKNOWN" });
  expect(await joinedRooms(rooms, bob)).toEqual([roomId]);
});

test("a room is forgotten only once it is left", async () => {
  await using rooms = await testRooms();
  const roomId = await publicRoom(rooms);
  await join(rooms, roomId, bob);
  await expect(forgetRoom(rooms, { userId: bob, roomId })).rejects.toMatchObject({ errcode: "M_UNKNOWN", status: 400 });
  await leaveRoom(rooms, { userId: bob, roomId });
  await forgetRoom(rooms, { userId: bob, roomId });
  expect(await rooms.storage.read.memberships.ofUser(bob, ["leave"])).toEqual([]);
});
