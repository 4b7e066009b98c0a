import {
  createRoom,
  getRoomIdByAlias,
  getRoomState,
  getRoomVisibilityOnDirectory,
  kick,
  setRoomStateWithKey,
  sync,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { roomOf, say, setState, stateOf, syncOf } from "./talk.ts";

/** One version of each kind of event id, redaction, creator and room id. */
const VERSIONS = ["1", "2", "3", "6", "8", "10", "11", "12"];

onBothEngines((here) => {
  describe.each(VERSIONS)("room version %s", (version) => {
    test("people create a room, talk in it and name it", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob], { room_version: version, name: "Kitchen" });
      const { room_version, creator } = await stateOf(bob, roomId, "m.room.create");
      expect(room_version ?? "1").toBe(version);
      expect(creator).toBe(Number(version) < 11 ? alice.userId : undefined);
      expect(roomId.includes(":")).toBe(version !== "12");
      const eventId = await say(bob, roomId, "hello");
      expect(/:localhost$/.test(eventId)).toBe(Number(version) < 3);
      await setState(alice, roomId, "m.room.name", { name: "Cellar" });
      expect(await stateOf(bob, roomId, "m.room.name")).toEqual({ name: "Cellar" });
    });
  });

  test("a room is of version 12 unless another is wished for, and of none that nobody knows", async () => {
    const [alice] = await here.people("alice");
    expect(await stateOf(alice, await roomOf(alice), "m.room.create")).toMatchObject({ room_version: "12" });
    const reply = await alice.call(createRoom, { body: { room_version: "nobodys" } });
    expect(reply).toMatchObject(refusal(400, "M_UNSUPPORTED_ROOM_VERSION"));
  });

  test.each([
    ["private_chat", "invite", "can_join"],
    ["trusted_private_chat", "invite", "can_join"],
    ["public_chat", "public", "forbidden"],
  ] as const)(
    "the preset %s sets who may join, who may read and whether guests may",
    async (preset, joinRule, guests) => {
      const [alice] = await here.people("alice");
      const roomId = await roomOf(alice, [], { preset });
      expect(await stateOf(alice, roomId, "m.room.join_rules")).toEqual({ join_rule: joinRule });
      expect(await stateOf(alice, roomId, "m.room.history_visibility")).toEqual({ history_visibility: "shared" });
      expect(await stateOf(alice, roomId, "m.room.guest_access")).toEqual({ guest_access: guests });
    },
  );

  test("who is invited to a trusted room has its creator's power", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const body = { preset: "trusted_private_chat" as const, invite: [bob.userId] };
    const old = await roomOf(alice, [], { ...body, room_version: "10" });
    expect(await stateOf(alice, old, "m.room.power_levels")).toMatchObject({
      users: { [alice.userId]: 100, [bob.userId]: 100 },
    });
    const room = await roomOf(alice, [], body);
    expect(await stateOf(alice, room, "m.room.create")).toMatchObject({ additional_creators: [bob.userId] });
  });

  test("from version 12 on nobody rules over a room's creator", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    const levels = await stateOf(alice, roomId, "m.room.power_levels");
    const params = { roomId, eventType: "m.room.power_levels", stateKey: "" };
    const creatorNamed = { ...levels, users: { [alice.userId]: 100 } };
    const named = await alice.call(setRoomStateWithKey, { params, body: creatorNamed });
    expect(named).toMatchObject(refusal(403, "M_FORBIDDEN"));
    await setState(alice, roomId, "m.room.power_levels", { ...levels, users: { [bob.userId]: 150 } });
    const kicked = await bob.call(kick, { params, body: { user_id: alice.userId } });
    expect(kicked).toMatchObject(refusal(403, "M_FORBIDDEN"));
    await alice.ok(kick, { params, body: { user_id: bob.userId } });
  });

  test("everything a client wished for is in the room", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [], {
      preset: "private_chat",
      visibility: "public",
      room_alias_name: `tea-${alice.name}`,
      name: "Tea",
      topic: "Leaves",
      invite: [bob.userId],
      is_direct: true,
      creation_content: { "m.federate": false, type: "m.space" },
      initial_state: [
        { type: "m.room.history_visibility", content: { history_visibility: "joined" } },
        { type: "org.croft.pot", state_key: "green", content: { litres: 1 } },
      ],
      power_level_content_override: { events_default: 10, events: { "org.croft.pot": 20 } },
    });
    const alias = `#tea-${alice.name}:localhost` as const;
    expect(await stateOf(alice, roomId, "m.room.create")).toMatchObject({ "m.federate": false, type: "m.space" });
    expect(await stateOf(alice, roomId, "m.room.name")).toEqual({ name: "Tea" });
    expect(await stateOf(alice, roomId, "m.room.topic")).toMatchObject({ topic: "Leaves" });
    expect(await stateOf(alice, roomId, "m.room.canonical_alias")).toEqual({ alias });
    expect(await stateOf(alice, roomId, "m.room.history_visibility")).toEqual({ history_visibility: "joined" });
    expect(await stateOf(alice, roomId, "org.croft.pot", "green")).toEqual({ litres: 1 });
    expect(await stateOf(alice, roomId, "m.room.power_levels")).toMatchObject({
      events_default: 10,
      events: { "org.croft.pot": 20 },
    });
    const invite = await stateOf(alice, roomId, "m.room.member", bob.userId);
    expect(invite).toMatchObject({ membership: "invite", is_direct: true });
    expect(await alice.ok(getRoomIdByAlias, { params: { roomAlias: alias } })).toEqual({
      room_id: roomId,
      servers: ["localhost"],
    });
    const listed = await alice.ok(getRoomVisibilityOnDirectory, { params: { roomId } });
    expect(listed).toEqual({ visibility: "public" });
  });

  test("the room's state begins with its creation and its creator's joining", async () => {
    const [alice] = await here.people("alice");
    const state = await alice.ok(getRoomState, { params: { roomId: await roomOf(alice) } });
    const types = state.map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(["m.room.create", "m.room.member", "m.room.power_levels", "m.room.join_rules"]),
    );
    for (const event of state) {
      expect(event).toMatchObject({
        event_id: expect.stringMatching(/^\$/),
        origin_server_ts: expect.any(Number),
        room_id: expect.stringMatching(/^!/),
        sender: alice.userId,
        state_key: expect.any(String),
      });
    }
  });

  test("a room that cannot be made leaves nothing behind", async () => {
    const [alice] = await here.people("alice");
    const taken = `taken-${alice.name}`;
    await roomOf(alice, [], { room_alias_name: taken });
    const { next_batch: since } = await syncOf(alice);
    const again = await alice.call(createRoom, { body: { room_alias_name: taken } });
    expect(again).toMatchObject(refusal(400, "M_ROOM_IN_USE"));
    const power = { users: { [alice.userId]: "all" } };
    const body = { room_version: "10", power_level_content_override: power };
    expect(await alice.call(createRoom, { body })).toMatchObject({ status: 400 });
    const unreachable = await alice.call(createRoom, { body: { invite: ["@carol:elsewhere.example"] } });
    expect(unreachable.status).toBe(400);
    expect(await alice.ok(sync, { query: { since } })).not.toHaveProperty("rooms");
  });
});
