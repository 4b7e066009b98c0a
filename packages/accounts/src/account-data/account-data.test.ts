import * as api from "@croft/api";
import type { JsonObject, RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { testAccounts } from "../test-accounts.ts";

const userId: UserId = "@alice:example.org";
const roomId: RoomId = "!blue:example.org";
const global = { userId, type: "m.direct" };
const inRoom = { ...global, roomId };

async function aliceAndBob() {
  const server = await testAccounts();
  await server.createUser("alice");
  await server.createUser("bob");
  return Object.assign(server, { alice: await server.token("alice"), bob: await server.token("bob") });
}

test("account data comes back as it was set, global and of a room apart", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  const set = { status: 200, json: {} };
  expect(await server.call(api.setAccountData, { params: global, token, body: { room: false } })).toEqual(set);
  expect(await server.call(api.setAccountDataPerRoom, { params: inRoom, token, body: { room: true } })).toEqual(set);
  expect((await server.call(api.getAccountData, { params: global, token })).json).toEqual({ room: false });
  expect((await server.call(api.getAccountDataPerRoom, { params: inRoom, token })).json).toEqual({ room: true });
  const unset = { status: 404, json: { errcode: "M_NOT_FOUND" } };
  const other = { ...inRoom, type: "never.set" };
  expect(await server.call(api.getAccountData, { params: other, token })).toMatchObject(unset);
  expect(await server.call(api.getAccountDataPerRoom, { params: other, token })).toMatchObject(unset);
});

test("numbers keep the spelling they were sent with", async () => {
  await using server = await aliceAndBob();
  const body = '{"n": 9007199254740993, "m": 1.0}';
  await server.send("PUT", `/_matrix/client/v3/user/${userId}/account_data/m.direct`, { token: server.alice, body });
  const stored = await server.accounts.storage.read.accountData.get({ ...global, roomId: undefined });
  expect(stored?.content).toBe(body);
});

test.each(["m.fully_read", "m.push_rules"])("%s is the server's to set", async (type) => {
  await using server = await aliceAndBob();
  const refused = { status: 405, json: { errcode: "M_BAD_JSON" } };
  const args = { params: { ...inRoom, type }, token: server.alice, body: {} };
  expect(await server.call(api.setAccountData, args)).toMatchObject(refused);
  expect(await server.call(api.setAccountDataPerRoom, args)).toMatchObject(refused);
});

test("push rules are read as the server makes them of what is kept, also where nothing is", async () => {
  await using server = await aliceAndBob();
  const args = { params: { userId, type: "m.push_rules" }, token: server.alice };
  expect(await server.call(api.getAccountData, args)).toEqual({ status: 200, json: { userId, kept: "none" } });
  const key = { userId, roomId: undefined, type: "m.push_rules" };
  await server.accounts.storage.write(async (tx) => tx.accountData.set(key, "{}"));
  expect(await server.call(api.getAccountData, args)).toEqual({ status: 200, json: { userId, kept: "{}" } });
});

test("account data, tags and filters are their user's own", async () => {
  await using server = await aliceAndBob();
  const params = { ...inRoom, tag: "u.x", filterId: "x" };
  const asBob = { params, token: server.bob };
  const replies = [
    await server.call(api.getAccountData, asBob),
    await server.call(api.setAccountData, { ...asBob, body: {} }),
    await server.call(api.getAccountDataPerRoom, asBob),
    await server.call(api.setAccountDataPerRoom, { ...asBob, body: {} }),
    await server.call(api.getRoomTags, asBob),
    await server.call(api.setRoomTag, { ...asBob, body: {} }),
    await server.call(api.deleteRoomTag, asBob),
    await server.call(api.defineFilter, { ...asBob, body: {} }),
    await server.call(api.getFilter, asBob),
  ];
  for (const reply of replies) expect(reply).toMatchObject({ status: 403, json: { errcode: "M_FORBIDDEN" } });
});

test("a user may keep 16 MB, and then replace by less what is there", async () => {
  await using server = await aliceAndBob();
  const text = `{"text":"${"x".repeat(2 * 1000 * 1000)}"}`;
  await server.accounts.storage.write(async (tx) => {
    for (let at = 0; at < 8; at++)
      tx.accountData.set({ userId, roomId: at > 3 ? roomId : undefined, type: `${at}` }, text);
  });
  const set = (type: string, length: number, token = server.alice) =>
    server.call(api.setAccountData, { params: { userId, type }, token, body: { text: "x".repeat(length) } });
  const tooMuch = { status: 413, json: { errcode: "M_TOO_LARGE" } };
  expect((await set("small", 10)).status).toBe(200);
  expect(await set("large", 1_000_000)).toMatchObject(tooMuch);
  const inBlue = { params: { ...inRoom, type: "large" }, token: server.alice, body: { text: "x".repeat(1_000_000) } };
  expect(await server.call(api.setAccountDataPerRoom, inBlue)).toMatchObject(tooMuch);
  expect((await set("1", 1_000_000)).status).toBe(200);
  expect((await set("large", 1_000_000)).status).toBe(200);
});

test("what is no object, and what is no room, is refused", async () => {
  await using server = await aliceAndBob();
  const user = `/_matrix/client/v3/user/${userId}`;
  const list = await server.send("PUT", `${user}/account_data/m.direct`, { token: server.alice, body: "[]" });
  expect(list).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  const at = `${user}/rooms/@bob:example.org/account_data/x`;
  const noRoom = await server.send("PUT", at, { token: server.alice, body: {} });
  expect(noRoom).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
});

test("tags are set and deleted one by one, and none is lost when they are set at once", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  const tags = async () => (await server.call(api.getRoomTags, { params: inRoom, token })).json;
  const set = (tag: string, body: { order?: number }) =>
    server.call(api.setRoomTag, { params: { userId, roomId, tag }, token, body });
  expect(await tags()).toEqual({ tags: {} });
  const replies = await Promise.all([set("m.favourite", { order: 0.25 }), set("u.Work", {}), set("u.Home", {})]);
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
  expect(await tags()).toEqual({ tags: { "m.favourite": { order: 0.25 }, "u.Work": {}, "u.Home": {} } });
  for (const tag of ["u.Work", "u.Home", "u.Home"]) {
    const reply = await server.call(api.deleteRoomTag, { params: { userId, roomId, tag }, token });
    expect(reply).toEqual({ status: 200, json: {} });
  }
  const params = { userId, roomId, type: "m.tag" };
  const content: JsonObject = { tags: { "m.favourite": { order: 0.25 } } };
  expect((await server.call(api.getAccountDataPerRoom, { params, token })).json).toEqual(content);
});

test("tags survive an m.tag that is none", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  const params = { userId, roomId, type: "m.tag", tag: "u.x" };
  await server.call(api.setAccountDataPerRoom, { params, token, body: { tags: ["what"] } });
  expect((await server.call(api.getRoomTags, { params, token })).json).toEqual({ tags: {} });
  expect((await server.call(api.setRoomTag, { params, token, body: {} })).status).toBe(200);
  expect((await server.call(api.getRoomTags, { params, token })).json).toEqual({ tags: { "u.x": {} } });
});

test("a tag's order is between 0 and 1, its name at most 255 bytes", async () => {
  await using server = await aliceAndBob();
  const put = (tag: string, body: { order?: number }) =>
    server.call(api.setRoomTag, { params: { userId, roomId, tag }, token: server.alice, body });
  expect(await put("u.x", { order: 1.5 })).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  expect(await put(`u.${"x".repeat(254)}`, {})).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
});

test("the tags of a room are together no larger than an event", async () => {
  await using server = await aliceAndBob();
  const tag = (name: string) => {
    const body = { order: 0.5, text: "x".repeat(40_000) };
    return server.call(api.setRoomTag, { params: { userId, roomId, tag: name }, token: server.alice, body });
  };
  expect((await tag("u.a")).status).toBe(200);
  expect(await tag("u.b")).toMatchObject({ status: 413, json: { errcode: "M_TOO_LARGE" } });
});

test("a user keeps a thousand filters, each no larger than an event", async () => {
  await using server = await aliceAndBob();
  const define = (name: string) =>
    server.call(api.defineFilter, { params: { userId }, token: server.alice, body: { event_fields: [name] } });
  expect((await define("known")).status).toBe(200);
  const tooLarge = { status: 413, json: { errcode: "M_TOO_LARGE" } };
  expect(await define("x".repeat(70_000))).toMatchObject(tooLarge);
  await server.accounts.storage.write(async (tx) => {
    for (let at = 1; at < 1000; at++) tx.filters.ensure(userId, `${at}`, "{}");
  });
  expect(await define("one more")).toMatchObject(tooLarge);
  expect((await define("known")).status).toBe(200);
});

test("a filter is defined once and read back as it was sent", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  const define = (body: api.Filter) => server.call(api.defineFilter, { params: { userId }, token, body });
  const filter = { room: { timeline: { limit: 10, types: ["m.room.*"] } }, "org.example.kept": true };
  const { filter_id: filterId } = (await define(filter)).json;
  expect((await define(filter)).json.filter_id).toBe(filterId);
  expect((await define({})).json.filter_id).not.toBe(filterId);
  expect((await server.call(api.getFilter, { params: { userId, filterId }, token })).json).toEqual(filter);
  const unknown = await server.call(api.getFilter, { params: { userId, filterId: "unknown" }, token });
  expect(unknown).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
});

test.each([{ room: { timeline: { limit: 0 } } }, { event_format: "xml" }, { presence: [] }])(
  "%j is no filter",
  async (body) => {
    await using server = await aliceAndBob();
    const reply = await server.send("POST", `/_matrix/client/v3/user/${userId}/filter`, { token: server.alice, body });
    expect(reply).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  },
);
