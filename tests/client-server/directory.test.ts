import {
  deleteRoomAlias,
  getLocalAliases,
  getRoomIdByAlias,
  getRoomVisibilityOnDirectory,
  setRoomAlias,
  setRoomVisibilityOnDirectory,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { call, ok } from "../../packages/testkit/src/call.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { roomOf } from "./talk.ts";

const forbidden = refusal(403, "M_FORBIDDEN");
const notFound = refusal(404, "M_NOT_FOUND");

onBothEngines((here) => {
  describe("aliases", () => {
    const aliased = async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      const roomAlias = `#${alice.name}:localhost` as const;
      await alice.ok(setRoomAlias, { params: { roomAlias }, body: { room_id: roomId } });
      return { alice, bob, roomId, roomAlias };
    };

    test("anyone finds the room by them, with the servers that know it", async () => {
      const { roomId, roomAlias } = await aliased();
      const found = await ok(here.server.url, getRoomIdByAlias, { params: { roomAlias } });
      expect(found).toEqual({ room_id: roomId, servers: ["localhost"] });
    });

    test("members see all of a room's", async () => {
      const { bob, roomId, roomAlias } = await aliased();
      expect(await bob.ok(getLocalAliases, { params: { roomId } })).toEqual({ aliases: [roomAlias] });
      const [carol] = await here.people("carol");
      expect(await carol.call(getLocalAliases, { params: { roomId } })).toMatchObject(forbidden);
    });

    test("one that is taken stays with its room", async () => {
      const { bob, roomId, roomAlias } = await aliased();
      const other = await roomOf(bob);
      const reply = await bob.call(setRoomAlias, { params: { roomAlias }, body: { room_id: other } });
      expect(reply).toMatchObject({ status: 409 });
      expect(await bob.ok(getRoomIdByAlias, { params: { roomAlias } })).toMatchObject({ room_id: roomId });
    });

    test("one of another server cannot be made here", async () => {
      const { alice, roomId } = await aliased();
      const params = { roomAlias: "#tea:elsewhere.example" } as const;
      const reply = await alice.call(setRoomAlias, { params, body: { room_id: roomId } });
      expect(reply.status).toBe(400);
    });

    test("are deleted by who made them or has the power in the room", async () => {
      const { alice, bob, roomAlias } = await aliased();
      const params = { roomAlias };
      expect(await bob.call(deleteRoomAlias, { params })).toMatchObject(forbidden);
      await alice.ok(deleteRoomAlias, { params });
      expect(await call(here.server.url, getRoomIdByAlias, { params })).toMatchObject(notFound);
      expect(await alice.call(deleteRoomAlias, { params })).toMatchObject(notFound);
    });
  });

  describe("the room directory", () => {
    test("lists a room when someone with the power says so", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const params = { roomId: await roomOf(alice, [bob]) };
      const listed = () => ok(here.server.url, getRoomVisibilityOnDirectory, { params });
      expect(await listed()).toEqual({ visibility: "private" });
      const publish = { params, body: { visibility: "public" } } as const;
      expect(await bob.call(setRoomVisibilityOnDirectory, publish)).toMatchObject(forbidden);
      await alice.ok(setRoomVisibilityOnDirectory, publish);
      expect(await listed()).toEqual({ visibility: "public" });
      await alice.ok(setRoomVisibilityOnDirectory, { params, body: { visibility: "private" } });
      expect(await listed()).toEqual({ visibility: "private" });
    });

    test("knows nothing of a room that is not there", async () => {
      const params = { roomId: "!nowhere:localhost" } as const;
      expect(await call(here.server.url, getRoomVisibilityOnDirectory, { params })).toMatchObject(notFound);
    });
  });
});
