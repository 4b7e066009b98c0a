import type { RoomId, UserId } from "@croft/protocol";
import { serveRoutes, testRooms } from "@croft/testkit";
import { describe, expect, test } from "vitest";
import { roomsRoutes } from "./routes.ts";

const V3 = "/_matrix/client/v3";

/** The token of a user is their localpart. */
async function served() {
  const rooms = await testRooms();
  const authenticate = async (token: string) => ({
    userId: `@${token}:here` as UserId,
    deviceId: "DEVICE",
    isAdmin: token === "admin",
    isGuest: false,
    tokenId: 1,
  });
  const server = await serveRoutes(roomsRoutes(rooms), { authenticate });
  const call = async (user: string, method: string, path: string, body?: object | string) => {
    const { status, json } = await server.send(method, V3 + path, {
      token: user,
      ...(body === undefined ? {} : { body }),
    });
    return { status, json: json as { [key: string]: unknown } };
  };
  return {
    rooms,
    call,
    async create(user: string, body: object = {}): Promise<RoomId> {
      return (await call(user, "POST", "/createRoom", body)).json["room_id"] as RoomId;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rooms[Symbol.asyncDispose]();
    },
  };
}

const chunk = (reply: { json: { [key: string]: unknown } }) =>
  reply.json["chunk"] as { state_key: string; content: { membership: string } }[];

test("a room is made, joined and talked in", async () => {
  await using server = await served();
  const roomId = await server.create("alice", { preset: "public_chat", name: "Pub" });
  expect(await server.call("bob", "POST", `/join/${encodeURIComponent(roomId)}`)).toEqual({
    status: 200,
    json: { room_id: roomId },
  });
  const sent = await server.call("bob", "PUT", `/rooms/${roomId}/send/m.room.message/1`, { body: "hi" });
  expect(sent).toMatchObject({ status: 200, json: { event_id: expect.stringMatching(/^\$/) } });
  const again = await server.call("bob", "PUT", `/rooms/${roomId}/send/m.room.message/1?x=y`, { body: "hi" });
  expect(again).toEqual(sent);
  expect((await server.call("bob", "GET", "/joined_rooms")).json).toEqual({ joined_rooms: [roomId] });
  const odd = await server.call("bob", "PUT", `/rooms/${roomId}/send/m.room.message/2`, '{"n":1.0}');
  expect(odd).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  const outsider = await server.call("carol", "PUT", `/rooms/${roomId}/send/m.room.message/1`, {});
  expect(outsider).toMatchObject({ status: 403, json: { errcode: "M_FORBIDDEN" } });
});

test("creating refuses what canonical JSON cannot say, and third-party invites", async () => {
  await using server = await served();
  const odd = await server.call("alice", "POST", "/createRoom", '{"creation_content":{"x":1.0}}');
  expect(odd).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  const byMail = await server.call("alice", "POST", "/createRoom", { invite_3pid: [{ medium: "email" }] });
  expect(byMail).toMatchObject({ status: 403, json: { errcode: "M_THREEPID_DENIED" } });
});

describe("state", () => {
  test("is set and read with and without a slash after the type", async () => {
    await using server = await served();
    const roomId = await server.create("alice");
    const first = await server.call("alice", "PUT", `/rooms/${roomId}/state/m.room.name`, { name: "A" });
    expect(await server.call("alice", "PUT", `/rooms/${roomId}/state/m.room.name/`, { name: "A" })).toEqual(first);
    for (const slash of ["", "/"]) {
      const read = await server.call("alice", "GET", `/rooms/${roomId}/state/m.room.name${slash}`);
      expect(read).toEqual({ status: 200, json: { name: "A" } });
    }
    const whole = await server.call("alice", "GET", `/rooms/${roomId}/state/m.room.name/?format=event`);
    expect(whole.json).toMatchObject({
      event_id: first.json["event_id"],
      room_id: roomId,
      type: "m.room.name",
      state_key: "",
      sender: "@alice:here",
      content: { name: "A" },
    });
    await server.call("alice", "PUT", `/rooms/${roomId}/state/org.example/%40key%2F1`, { x: 1 });
    const keyed = await server.call("alice", "GET", `/rooms/${roomId}/state/org.example/%40key%2F1`);
    expect(keyed.status).toBe(404);
    await server.call("alice", "PUT", `/rooms/${roomId}/state/org.example/key%2F1`, { x: 1 });
    expect((await server.call("alice", "GET", `/rooms/${roomId}/state/org.example/key%2F1`)).json).toEqual({ x: 1 });
  });

  test("of a member is what their own endpoint would make of it", async () => {
    await using server = await served();
    server.rooms.profilesByUser.set("@bob:here", { displayname: "Bob" });
    const roomId = await server.create("alice", { preset: "public_chat" });
    const path = `/rooms/${roomId}/state/m.room.member/@bob:here`;
    expect((await server.call("alice", "PUT", path, { membership: "invite" })).status).toBe(200);
    const invite = await server.rooms.storage.read.memberships.get(roomId, "@bob:here");
    expect(invite?.strippedState).toContain("m.room.create");
    expect((await server.call("bob", "PUT", path, { membership: "join", x: 1 })).status).toBe(200);
    expect((await server.call("bob", "GET", path)).json).toEqual({ membership: "join", displayname: "Bob", x: 1 });
    expect((await server.call("bob", "PUT", path, { membership: "dance" })).status).toBe(403);
  });

  test("is for members; leavers read what they left, strangers nothing", async () => {
    await using server = await served();
    const roomId = await server.create("alice", { preset: "public_chat", name: "Then" });
    await server.call("bob", "POST", `/rooms/${roomId}/join`, {});
    await server.call("bob", "POST", `/rooms/${roomId}/leave`, {});
    await server.call("alice", "PUT", `/rooms/${roomId}/state/m.room.name`, { name: "Now" });
    const name = `/rooms/${roomId}/state/m.room.name`;
    expect((await server.call("bob", "GET", name)).json).toEqual({ name: "Then" });
    expect((await server.call("alice", "GET", name)).json).toEqual({ name: "Now" });
    expect((await server.call("carol", "GET", name)).status).toBe(403);
    expect((await server.call("carol", "GET", `/rooms/${roomId}/state`)).status).toBe(403);
    expect((await server.call("alice", "GET", `/rooms/${roomId}/state/m.room.topic`)).status).toBe(404);
    const state = (await server.call("bob", "GET", `/rooms/${roomId}/state`)).json as unknown as { type: string }[];
    expect(state.filter(({ type }) => type === "m.room.member")).toHaveLength(2);
    expect(state).toContainEqual(expect.objectContaining({ type: "m.room.name", content: { name: "Then" } }));
  });

  test("of the canonical alias names aliases of this room only", async () => {
    await using server = await served();
    const roomId = await server.create("alice", { room_alias_name: "one" });
    await server.create("alice", { room_alias_name: "other" });
    const path = `/rooms/${roomId}/state/m.room.canonical_alias`;
    const put = async (content: object) => (await server.call("alice", "PUT", path, content)).json["errcode"];
    expect(await put({ alias: "#other:here" })).toBe("M_BAD_ALIAS");
    expect(await put({ alt_aliases: ["#none:here"] })).toBe("M_BAD_ALIAS");
    expect(await put({ alias: "nonsense" })).toBe("M_INVALID_PARAM");
    await server.call("alice", "PUT", "/directory/room/%23two:here", { room_id: roomId });
    expect(await put({ alias: "#one:here", alt_aliases: ["#two:here"] })).toBeUndefined();
  });
});

describe("members", () => {
  async function peopled(server: Awaited<ReturnType<typeof served>>): Promise<RoomId> {
    const roomId = await server.create("alice", { preset: "public_chat", invite: ["@dave:here"] });
    for (const user of ["bob", "carol"]) await server.call(user, "POST", `/rooms/${roomId}/join`);
    await server.call("carol", "POST", `/rooms/${roomId}/leave`);
    return roomId;
  }

  test("are listed by what they are, or are not", async () => {
    await using server = await served();
    const roomId = await peopled(server);
    const list = async (query: string) =>
      chunk(await server.call("alice", "GET", `/rooms/${roomId}/members${query}`))
        .map((event) => `${event.state_key} ${event.content.membership}`)
        .toSorted();
    const [alice, bob, carol, dave] = ["@alice:here join", "@bob:here join", "@carol:here leave", "@dave:here invite"];
    expect(await list("")).toEqual([alice, bob, carol, dave]);
    expect(await list("?membership=join")).toEqual([alice, bob]);
    expect(await list("?not_membership=join")).toEqual([carol, dave]);
    expect(await list("?membership=join&not_membership=leave")).toEqual([alice, bob, dave]);
  });

  test("at a place a sync stood are those of then", async () => {
    await using server = await served();
    const roomId = await server.create("alice", { preset: "public_chat" });
    const at = `s1_${server.rooms.storage.position()}_0`;
    await server.call("bob", "POST", `/rooms/${roomId}/join`);
    const list = async (query: string) => chunk(await server.call("alice", "GET", `/rooms/${roomId}/members${query}`));
    expect(await list(`?at=${at}`)).toHaveLength(1);
    expect(await list("")).toHaveLength(2);
    expect((await server.call("alice", "GET", `/rooms/${roomId}/members?at=nonsense`)).status).toBe(400);
  });

  test("that are joined are told with their profiles, to the joined", async () => {
    await using server = await served();
    server.rooms.profilesByUser.set("@bob:here", { displayname: "Bob", avatar_url: "mxc://here/b" });
    const roomId = await peopled(server);
    expect((await server.call("bob", "GET", `/rooms/${roomId}/joined_members`)).json).toEqual({
      joined: { "@alice:here": {}, "@bob:here": { display_name: "Bob", avatar_url: "mxc://here/b" } },
    });
    expect((await server.call("carol", "GET", `/rooms/${roomId}/joined_members`)).status).toBe(403);
  });
});

describe("the directory", () => {
  const alias = "/directory/room/%23pub:here";

  test("resolves an alias for anyone, and lists a room's to its members", async () => {
    await using server = await served();
    const roomId = await server.create("alice");
    expect((await server.call("alice", "PUT", alias, { room_id: roomId })).status).toBe(200);
    expect((await server.call("alice", "PUT", alias, { room_id: roomId })).status).toBe(409);
    expect((await server.call("bob", "GET", alias)).json).toEqual({ room_id: roomId, servers: ["here"] });
    const aliases = await server.call("alice", "GET", `/rooms/${roomId}/aliases`);
    expect(aliases.json).toEqual({ aliases: ["#pub:here"] });
    expect((await server.call("bob", "GET", `/rooms/${roomId}/aliases`)).status).toBe(403);
    expect((await server.call("bob", "GET", "/directory/room/%23none:here")).status).toBe(404);
    const foreign = await server.call("alice", "PUT", "/directory/room/%23pub:there", { room_id: roomId });
    expect(foreign).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
    expect((await server.call("bob", "PUT", "/directory/room/%23bob:here", { room_id: roomId })).status).toBe(403);
  });

  test("takes a removed alias out of the canonical one", async () => {
    await using server = await served();
    const roomId = await server.create("alice", { room_alias_name: "pub", preset: "public_chat" });
    await server.call("bob", "POST", `/join/%23pub:here`);
    expect((await server.call("bob", "DELETE", alias)).status).toBe(403);
    expect((await server.call("alice", "DELETE", alias)).status).toBe(200);
    expect((await server.call("alice", "DELETE", alias)).status).toBe(404);
    const canonical = await server.call("alice", "GET", `/rooms/${roomId}/state/m.room.canonical_alias`);
    expect(canonical.json).toEqual({});
  });

  test("lists a room for whoever may set its canonical alias", async () => {
    await using server = await served();
    const roomId = await server.create("alice", { preset: "public_chat" });
    const path = `/directory/list/room/${roomId}`;
    const visibility = async () => (await server.call("bob", "GET", path)).json["visibility"];
    expect(await visibility()).toBe("private");
    await server.call("bob", "POST", `/rooms/${roomId}/join`);
    expect((await server.call("bob", "PUT", path, {})).status).toBe(403);
    expect((await server.call("alice", "PUT", path, {})).status).toBe(200);
    expect(await visibility()).toBe("public");
    expect((await server.call("admin", "PUT", path, { visibility: "private" })).status).toBe(200);
    expect(await visibility()).toBe("private");
    expect((await server.call("alice", "GET", "/directory/list/room/!none:here")).status).toBe(404);
  });
});
