import {
  createRoom,
  deleteRoomTag,
  getAccountData,
  getAccountDataPerRoom,
  getRoomTags,
  setAccountData,
  setAccountDataPerRoom,
  setRoomTag,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";

onBothEngines((here) => {
  const inARoom = async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const { room_id: roomId } = await alice.ok(createRoom, { body: {} });
    return { alice, bob, roomId, userId: alice.userId };
  };

  describe("account data", () => {
    test("comes back as it was set, for the account and for each room apart", async () => {
      const { alice, userId, roomId } = await inARoom();
      const type = "org.croft.test";
      await alice.ok(setAccountData, { params: { userId, type }, body: { of: "account" } });
      await alice.ok(setAccountDataPerRoom, { params: { userId, roomId, type }, body: { of: "room" } });
      expect(await alice.ok(getAccountData, { params: { userId, type } })).toEqual({ of: "account" });
      expect(await alice.ok(getAccountDataPerRoom, { params: { userId, roomId, type } })).toEqual({ of: "room" });
      await alice.ok(setAccountData, { params: { userId, type }, body: {} });
      expect(await alice.ok(getAccountData, { params: { userId, type } })).toEqual({});
    });

    test("that was never set is not found", async () => {
      const { alice, userId, roomId } = await inARoom();
      const params = { userId, roomId, type: "org.croft.unset" };
      expect(await alice.call(getAccountData, { params })).toMatchObject(refusal(404, "M_NOT_FOUND"));
      expect(await alice.call(getAccountDataPerRoom, { params })).toMatchObject(refusal(404, "M_NOT_FOUND"));
    });

    test("is nobody else's to read or change", async () => {
      const { bob, userId, roomId } = await inARoom();
      const params = { userId, roomId, type: "org.croft.test" };
      const forbidden = refusal(403, "M_FORBIDDEN");
      expect(await bob.call(setAccountData, { params, body: {} })).toMatchObject(forbidden);
      expect(await bob.call(getAccountData, { params })).toMatchObject(forbidden);
      expect(await bob.call(setAccountDataPerRoom, { params, body: {} })).toMatchObject(forbidden);
      expect(await bob.call(getAccountDataPerRoom, { params })).toMatchObject(forbidden);
    });

    test.each(["m.push_rules", "m.fully_read"])("%s is the server's to set", async (type) => {
      const { alice, userId, roomId } = await inARoom();
      const refused = refusal(405, "M_BAD_JSON");
      expect(await alice.call(setAccountData, { params: { userId, type }, body: {} })).toMatchObject(refused);
      const params = { userId, roomId, type };
      expect(await alice.call(setAccountDataPerRoom, { params, body: {} })).toMatchObject(refused);
    });
  });

  describe("tags", () => {
    test("are put on a room, ordered, and taken off", async () => {
      const { alice, userId, roomId } = await inARoom();
      const params = { userId, roomId };
      expect(await alice.ok(getRoomTags, { params })).toEqual({ tags: {} });
      await alice.ok(setRoomTag, { params: { ...params, tag: "m.favourite" }, body: { order: 0.25 } });
      await alice.ok(setRoomTag, { params: { ...params, tag: "u.work" }, body: {} });
      const tags = { "m.favourite": { order: 0.25 }, "u.work": {} };
      expect(await alice.ok(getRoomTags, { params })).toEqual({ tags });
      expect(await alice.ok(getAccountDataPerRoom, { params: { ...params, type: "m.tag" } })).toEqual({ tags });
      await alice.ok(deleteRoomTag, { params: { ...params, tag: "u.work" } });
      expect(await alice.ok(getRoomTags, { params })).toEqual({ tags: { "m.favourite": { order: 0.25 } } });
    });

    test("are nobody else's to see or change", async () => {
      const { bob, userId, roomId } = await inARoom();
      const params = { userId, roomId, tag: "u.work" };
      expect(await bob.call(getRoomTags, { params })).toMatchObject(refusal(403, "M_FORBIDDEN"));
      expect(await bob.call(setRoomTag, { params, body: {} })).toMatchObject(refusal(403, "M_FORBIDDEN"));
      expect(await bob.call(deleteRoomTag, { params })).toMatchObject(refusal(403, "M_FORBIDDEN"));
    });
  });
});
