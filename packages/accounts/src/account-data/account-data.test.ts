import { expect, test } from "vitest";
import { testAccounts } from "../test-accounts.ts";

const alice = "@alice:example.org";
const GLOBAL = `/_matrix/client/v3/user/${alice}/account_data`;
const ROOM = `/_matrix/client/v3/user/${alice}/rooms/!blue:example.org`;

async function aliceAndBob() {
  const server = await testAccounts();
  await server.createUser("alice");
  await server.createUser("bob");
  return Object.assign(server, { alice: await server.token("alice"), bob: await server.token("bob") });
}

test("account data comes back as it was sent, global and of a room apart", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  for (const [at, body] of [
    [`${GLOBAL}/m.direct`, '{"n": 9007199254740993}'],
    [`${ROOM}/account_data/m.direct`, '{"room": true}'],
  ] as const) {
    expect(await server.send("PUT", at, { token, body })).toEqual({ status: 200, json: {} });
  }
  expect((await server.send("GET", `${ROOM}/account_data/m.direct`, { token })).json).toEqual({ room: true });
  const { storage } = server.accounts;
  const stored = await storage.read.accountData.get({ userId: alice, roomId: undefined, type: "m.direct" });
  expect(stored?.content).toBe('{"n": 9007199254740993}');
  const unset = await server.send("GET", `${GLOBAL}/never.set`, { token });
  expect(unset).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
});

test.each(["m.fully_read", "m.push_rules"])("%s is the server's to set", async (type) => {
  await using server = await aliceAndBob();
  for (const at of [`${GLOBAL}/${type}`, `${ROOM}/account_data/${type}`]) {
    const reply = await server.send("PUT", at, { token: server.alice, body: {} });
    expect(reply).toMatchObject({ status: 405, json: { errcode: "M_BAD_JSON" } });
  }
});

test("account data, tags and filters are their user's own", async () => {
  await using server = await aliceAndBob();
  const forbidden = { status: 403, json: { errcode: "M_FORBIDDEN" } };
  const asBob = { token: server.bob, body: {} };
  expect(await server.send("PUT", `${GLOBAL}/m.direct`, asBob)).toMatchObject(forbidden);
  expect(await server.send("GET", `${GLOBAL}/m.direct`, { token: server.bob })).toMatchObject(forbidden);
  expect(await server.send("PUT", `${ROOM}/tags/m.favourite`, asBob)).toMatchObject(forbidden);
  expect(await server.send("GET", `${ROOM}/tags`, { token: server.bob })).toMatchObject(forbidden);
  const filter = `/_matrix/client/v3/user/${alice}/filter`;
  expect(await server.send("POST", filter, asBob)).toMatchObject(forbidden);
  expect(await server.send("GET", `${filter}/x`, { token: server.bob })).toMatchObject(forbidden);
});

test("what is no object, and what is no room, is refused", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  const list = await server.send("PUT", `${GLOBAL}/m.direct`, { token, body: "[]" });
  expect(list).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  const noRoom = `/_matrix/client/v3/user/${alice}/rooms/@bob:example.org/account_data/x`;
  const reply = await server.send("PUT", noRoom, { token, body: {} });
  expect(reply).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
});

test("tags are set and deleted one by one, and several at once", async () => {
  await using server = await aliceAndBob();
  const { alice: token } = server;
  const tags = async () => (await server.send("GET", `${ROOM}/tags`, { token })).json;
  expect(await tags()).toEqual({ tags: {} });
  const replies = await Promise.all([
    server.send("PUT", `${ROOM}/tags/m.favourite`, { token, body: { order: 0.25 } }),
    server.send("PUT", `${ROOM}/tags/u.Work`, { token, body: {} }),
    server.send("PUT", `${ROOM}/tags/__proto__`, { token, body: {} }),
  ]);
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
  expect(await tags()).toMatchObject({ tags: { "m.favourite": { order: 0.25 }, "u.Work": {} } });
  expect((await server.send("DELETE", `${ROOM}/tags/u.Work`, { token })).status).toBe(200);
  expect((await server.send("DELETE", `${ROOM}/tags/u.Work`, { token })).status).toBe(200);
  expect(await server.send("GET", `${ROOM}/account_data/m.tag`, { token })).toMatchObject({
    json: { tags: { "m.favourite": { order: 0.25 } } },
  });
});

test("a tag's order is between 0 and 1, its name at most 255 bytes", async () => {
  await using server = await aliceAndBob();
  const put = (tag: string, body: object) => server.send("PUT", `${ROOM}/tags/${tag}`, { token: server.alice, body });
  expect(await put("u.x", { order: 1.5 })).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  expect(await put(`u.${"x".repeat(254)}`, {})).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
});

test("a filter is defined once and read back as it was sent", async () => {
  await using server = await aliceAndBob();
  const at = `/_matrix/client/v3/user/${alice}/filter`;
  const define = (body: object) => server.send("POST", at, { token: server.alice, body });
  const filter = { room: { timeline: { limit: 10, types: ["m.room.*"] } }, "org.example.kept": true };
  const { filter_id } = (await define(filter)).json;
  expect((await define(filter)).json.filter_id).toBe(filter_id);
  expect((await define({})).json.filter_id).not.toBe(filter_id);
  expect((await server.send("GET", `${at}/${filter_id}`, { token: server.alice })).json).toEqual(filter);
  const unknown = await server.send("GET", `${at}/unknown`, { token: server.alice });
  expect(unknown).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
  for (const wrong of [{ room: { timeline: { limit: 0 } } }, { event_format: "xml" }, { presence: [] }]) {
    expect(await define(wrong)).toMatchObject({ status: 400, json: { errcode: "M_BAD_JSON" } });
  }
});
