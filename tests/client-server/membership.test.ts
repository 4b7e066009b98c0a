import {
  ban,
  createRoom,
  forgetRoom,
  getJoinedMembersByRoom,
  getJoinedRooms,
  getMembersByRoom,
  getRoomState,
  inviteUser,
  joinRoom,
  joinRoomById,
  kick,
  leaveRoom,
  setProfileField,
  unban,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { join, roomOf, say, setState, stateOf, syncOf } from "./talk.ts";

onBothEngines((here) => {
  const privateRoom = async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [], { preset: "private_chat" });
    return { alice, bob, roomId, params: { roomId }, target: { user_id: bob.userId } };
  };
  const forbidden = refusal(403, "M_FORBIDDEN");

  describe("joining", () => {
    test("anyone joins a public room, by its id or an alias, as often as they like", async () => {
      const [alice, bob, carol] = await here.people("alice", "bob", "carol");
      const roomId = await roomOf(alice, [], { room_alias_name: `open-${alice.name}` });
      expect(await bob.ok(joinRoomById, { params: { roomId }, body: {} })).toEqual({ room_id: roomId });
      expect(await bob.ok(joinRoomById, { params: { roomId }, body: {} })).toEqual({ room_id: roomId });
      const roomIdOrAlias = `#open-${alice.name}:localhost` as const;
      expect(await carol.ok(joinRoom, { params: { roomIdOrAlias }, body: {} })).toEqual({ room_id: roomId });
      expect(await carol.ok(getJoinedRooms)).toEqual({ joined_rooms: [roomId] });
      const { joined } = await alice.ok(getJoinedMembersByRoom, { params: { roomId } });
      expect(Object.keys(joined).sort()).toEqual([alice.userId, bob.userId, carol.userId].sort());
    });

    test("a private room takes who is invited and nobody else", async () => {
      const { alice, bob, params, target } = await privateRoom();
      expect(await bob.call(joinRoomById, { params, body: {} })).toMatchObject(forbidden);
      await alice.ok(inviteUser, { params, body: { ...target, reason: "Come" } });
      const member = () => stateOf(alice, params.roomId, "m.room.member", bob.userId);
      expect(await member()).toMatchObject({ membership: "invite", reason: "Come" });
      await bob.ok(joinRoomById, { params, body: { reason: "Gladly" } });
      expect(await member()).toMatchObject({ membership: "join", reason: "Gladly" });
    });

    test("the members of a room that another room trusts may join that one", async () => {
      const [alice, bob, carol] = await here.people("alice", "bob", "carol");
      const space = await roomOf(alice, [bob]);
      const joinRules = { join_rule: "restricted", allow: [{ type: "m.room_membership", room_id: space }] };
      const initial_state = [{ type: "m.room.join_rules", content: joinRules }];
      const roomId = await roomOf(alice, [], { preset: "private_chat", initial_state });
      await join(bob, roomId);
      expect(await carol.call(joinRoomById, { params: { roomId }, body: {} })).toMatchObject(forbidden);
    });

    test("a room or alias that is not there is not found", async () => {
      const [alice] = await here.people("alice");
      const nowhere = { params: { roomIdOrAlias: "#nowhere:localhost" as const }, body: {} };
      expect(await alice.call(joinRoom, nowhere)).toMatchObject(refusal(404, "M_NOT_FOUND"));
      const roomId = "!nowhere:localhost" as const;
      expect(await alice.call(joinRoomById, { params: { roomId }, body: {} })).toMatchObject({ status: 404 });
    });
  });

  describe("inviting", () => {
    test("takes a member, and nobody who is there already or banned", async () => {
      const { alice, bob, params, target } = await privateRoom();
      const [carol] = await here.people("carol");
      const invited = { user_id: carol.userId };
      expect(await bob.call(inviteUser, { params, body: invited })).toMatchObject(forbidden);
      await alice.ok(inviteUser, { params, body: target });
      await join(bob, params.roomId);
      expect(await alice.call(inviteUser, { params, body: target })).toMatchObject(forbidden);
      await alice.ok(ban, { params, body: invited });
      expect(await alice.call(inviteUser, { params, body: invited })).toMatchObject(forbidden);
    });

    test("shows the invited what the room is called before they join", async () => {
      const { alice, bob, params, target } = await privateRoom();
      await setState(alice, params.roomId, "m.room.name", { name: "Kitchen" });
      await alice.ok(inviteUser, { params, body: target });
      const invite = (await syncOf(bob)).rooms?.invite?.[params.roomId];
      expect(invite?.invite_state.events).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ type: "m.room.name", state_key: "", content: { name: "Kitchen" } }),
          expect.objectContaining({ type: "m.room.member", state_key: bob.userId, sender: alice.userId }),
        ]),
      );
    });
  });

  describe("leaving", () => {
    test("ends what a user may do and see, but not what they saw", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      await bob.ok(leaveRoom, { params: { roomId }, body: { reason: "Late" } });
      expect(await stateOf(alice, roomId, "m.room.member", bob.userId)).toMatchObject({
        membership: "leave",
        reason: "Late",
      });
      await setState(alice, roomId, "m.room.name", { name: "Without Bob" });
      const state = await bob.ok(getRoomState, { params: { roomId } });
      expect(state.map(({ type }) => type)).not.toContain("m.room.name");
      await expect(say(bob, roomId, "still here")).rejects.toThrow("M_FORBIDDEN");
      expect(await bob.ok(getJoinedRooms)).toEqual({ joined_rooms: [] });
    });

    test("declines an invite", async () => {
      const { alice, bob, params, target } = await privateRoom();
      await alice.ok(inviteUser, { params, body: target });
      await bob.ok(leaveRoom, { params, body: {} });
      expect((await syncOf(bob)).rooms?.invite ?? {}).toEqual({});
      expect(await bob.call(joinRoomById, { params, body: {} })).toMatchObject(forbidden);
    });

    test("a room that was left can be forgotten, one that was not cannot", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      const params = { roomId };
      expect(await bob.call(forgetRoom, { params })).toMatchObject(refusal(400, "M_UNKNOWN"));
      await bob.ok(leaveRoom, { params, body: {} });
      await bob.ok(forgetRoom, { params });
      expect(await bob.call(getRoomState, { params })).toMatchObject(forbidden);
      const filter = JSON.stringify({ room: { include_leave: true } });
      expect((await syncOf(bob, { filter })).rooms?.leave ?? {}).toEqual({});
    });
  });

  describe("kicking and banning", () => {
    test("someone with the power kicks, and who was kicked may come back", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      const params = { roomId };
      expect(await bob.call(kick, { params, body: { user_id: alice.userId } })).toMatchObject(forbidden);
      await alice.ok(kick, { params, body: { user_id: bob.userId, reason: "Noise" } });
      expect(await stateOf(alice, roomId, "m.room.member", bob.userId)).toMatchObject({
        membership: "leave",
        reason: "Noise",
      });
      expect(await alice.call(kick, { params, body: { user_id: bob.userId } })).toMatchObject({ status: 403 });
      await join(bob, roomId);
    });

    test("who was banned stays out until the ban is lifted", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      const params = { roomId };
      const body = { user_id: bob.userId };
      expect(await bob.call(ban, { params, body: { user_id: alice.userId } })).toMatchObject(forbidden);
      await alice.ok(ban, { params, body: { ...body, reason: "Spam" } });
      expect(await stateOf(alice, roomId, "m.room.member", bob.userId)).toMatchObject({
        membership: "ban",
        reason: "Spam",
      });
      expect(await bob.call(joinRoomById, { params, body: {} })).toMatchObject(forbidden);
      expect(await bob.call(unban, { params, body })).toMatchObject({ status: 403 });
      await alice.ok(unban, { params, body });
      await join(bob, roomId);
      expect(await alice.call(unban, { params, body })).toMatchObject({ status: 403 });
    });
  });

  describe("members", () => {
    test("are listed by their membership", async () => {
      const [alice, bob, carol] = await here.people("alice", "bob", "carol");
      const roomId = await roomOf(alice, [bob, carol]);
      const params = { roomId };
      await carol.ok(leaveRoom, { params, body: {} });
      const named = async (query: { membership?: "join" | "leave"; not_membership?: "leave" }) =>
        (await alice.ok(getMembersByRoom, { params, query })).chunk.map(({ state_key }) => state_key).sort();
      expect(await named({})).toEqual([alice.userId, bob.userId, carol.userId].sort());
      expect(await named({ membership: "join" })).toEqual([alice.userId, bob.userId].sort());
      expect(await named({ membership: "leave" })).toEqual([carol.userId]);
      expect(await named({ not_membership: "leave" })).toEqual([alice.userId, bob.userId].sort());
    });

    test("can be asked for as they were at a point of a sync", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice);
      const { next_batch: at } = await syncOf(alice);
      await join(bob, roomId);
      const { chunk } = await alice.ok(getMembersByRoom, { params: { roomId }, query: { at } });
      expect(chunk.map(({ state_key }) => state_key)).toEqual([alice.userId]);
    });

    test("are shown with their names and pictures", async () => {
      const [alice] = await here.people("alice");
      const { userId } = alice;
      const profile = { displayname: "Alice", avatar_url: "mxc://localhost/alice" };
      for (const [keyName, value] of Object.entries(profile)) {
        await alice.ok(setProfileField, { params: { userId, keyName }, body: { [keyName]: value } });
      }
      const roomId = await roomOf(alice);
      const { joined } = await alice.ok(getJoinedMembersByRoom, { params: { roomId } });
      expect(joined[userId]).toEqual({ display_name: "Alice", avatar_url: "mxc://localhost/alice" });
    });

    test("are not for who was never in the room", async () => {
      const { bob, params } = await privateRoom();
      expect(await bob.call(getMembersByRoom, { params })).toMatchObject(forbidden);
      expect(await bob.call(getJoinedMembersByRoom, { params })).toMatchObject(forbidden);
    });
  });

  test("a user in no rooms has none", async () => {
    const [alice] = await here.people("alice");
    expect(await alice.ok(getJoinedRooms)).toEqual({ joined_rooms: [] });
    const { room_id } = await alice.ok(createRoom, { body: {} });
    expect(await alice.ok(getJoinedRooms)).toEqual({ joined_rooms: [room_id] });
  });
});
