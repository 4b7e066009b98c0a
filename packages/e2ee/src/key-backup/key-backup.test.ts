import * as api from "@croft/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDevice, type TestE2ee, testE2ee } from "../test-e2ee.ts";

const algorithm = "m.megolm_backup.v1.curve25519-aes-sha2";
const blue = "!blue:here";
const red = "!red:here";
let e2ee: TestE2ee;
let alice: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
});
afterEach(() => e2ee[Symbol.asyncDispose]());

const key = (name: string, more: object = {}) => ({
  first_message_index: 1,
  forwarded_count: 0,
  is_verified: false,
  session_data: { name },
  ...more,
});
const create = async () =>
  (await alice.call(api.postRoomKeysVersion, { body: { algorithm, auth_data: { public_key: "k" } } })).body.version;
const info = (version: string) => alice.call(api.getRoomKeysVersion, { params: { version } });
const putSession = (version: string, roomId: `!${string}`, sessionId: string, body: ReturnType<typeof key>) =>
  alice.call(api.putRoomKeyBySessionId, { params: { roomId, sessionId }, query: { version }, body });
const all = async (version: string) => (await alice.call(api.getRoomKeys, { query: { version } })).body;
const notFound = { status: 404, body: { errcode: "M_NOT_FOUND" } };

test("the newest backup is the current one, and none is 404", async () => {
  expect(await alice.call(api.getRoomKeysVersionCurrent, {})).toMatchObject(notFound);
  expect([await create(), await create()]).toEqual(["1", "2"]);
  const current = { algorithm, auth_data: { public_key: "k" }, count: 0, etag: "0", version: "2" };
  expect((await alice.call(api.getRoomKeysVersionCurrent, {})).body).toEqual(current);
  expect((await info("1")).body).toEqual({ ...current, version: "1" });
  for (const unknown of ["3", "0", "x", "1.0", "99999999999999999999"]) {
    expect(await info(unknown)).toMatchObject(notFound);
  }
});

test("backups made at once have versions of their own", async () => {
  expect((await Promise.all([create(), create(), create()])).sort()).toEqual(["1", "2", "3"]);
});

test("a backup's auth data can be changed, its algorithm and version cannot", async () => {
  await create();
  const put = (version: string, body: object) =>
    alice.call(api.putRoomKeysVersion, {
      params: { version },
      body: { algorithm, auth_data: { public_key: "new" }, ...body },
    });
  const invalid = { status: 400, body: { errcode: "M_INVALID_PARAM" } };
  expect(await put("1", { version: "2" })).toMatchObject(invalid);
  expect(await put("1", { algorithm: "m.other" })).toMatchObject(invalid);
  expect(await put("2", {})).toMatchObject(notFound);
  expect((await info("1")).body.auth_data).toEqual({ public_key: "k" });
  expect((await put("1", { version: "1" })).status).toBe(200);
  expect((await put("1", {})).status).toBe(200);
  expect((await info("1")).body).toMatchObject({ auth_data: { public_key: "new" }, etag: "0" });
});

test("auth data larger than a key may be is refused, with a new backup and with one that is there", async () => {
  const version = await create();
  const body = { algorithm, auth_data: { public_key: "k".repeat(70_000) } };
  const tooLarge = { status: 413, body: { errcode: "M_TOO_LARGE" } };
  expect(await alice.call(api.postRoomKeysVersion, { body })).toMatchObject(tooLarge);
  expect(await alice.call(api.putRoomKeysVersion, { params: { version }, body })).toMatchObject(tooLarge);
  const named = { ...body, algorithm: "a".repeat(256), auth_data: {} };
  expect((await alice.call(api.postRoomKeysVersion, { body: named })).status).toBe(400);
});

test("keys are stored one, by room and all together, and come back as they were", async () => {
  await create();
  const query = { version: "1" };
  const stored = (etag: string, count: number) => ({ status: 200, body: { etag, count } });
  expect(await putSession("1", blue, "A", key("blue A", { extra: 1 }))).toMatchObject(stored("1", 1));
  expect(
    await alice.call(api.putRoomKeysByRoomId, {
      params: { roomId: blue },
      query,
      body: { sessions: { B: key("blue B"), C: key("blue C") } },
    }),
  ).toMatchObject(stored("2", 3));
  expect(
    await alice.call(api.putRoomKeys, {
      query,
      body: { rooms: { [red]: { sessions: { "A/+=": key("red A") } }, [blue]: { sessions: { D: key("blue D") } } } },
    }),
  ).toMatchObject(stored("3", 5));
  expect(await all("1")).toEqual({
    rooms: {
      [blue]: {
        sessions: { A: key("blue A", { extra: 1 }), B: key("blue B"), C: key("blue C"), D: key("blue D") },
      },
      [red]: { sessions: { "A/+=": key("red A") } },
    },
  });
  const room = await alice.call(api.getRoomKeysByRoomId, { params: { roomId: red }, query });
  expect(room.body).toEqual({ sessions: { "A/+=": key("red A") } });
  const session = { params: { roomId: red, sessionId: "A/+=" }, query } as const;
  expect((await alice.call(api.getRoomKeyBySessionId, session)).body).toEqual(key("red A"));
  expect((await info("1")).body).toMatchObject({ etag: "3", count: 5 });
});

test("a better key takes the place of one that is there, a worse one changes nothing, not even the etag", async () => {
  await create();
  await putSession("1", blue, "A", key("first", { first_message_index: 5 }));
  const better = await putSession("1", blue, "A", key("better", { first_message_index: 4 }));
  expect(better.body).toEqual({ etag: "2", count: 1 });
  const worse = await putSession("1", blue, "A", key("worse", { first_message_index: 4, forwarded_count: 1 }));
  expect(worse.body).toEqual({ etag: "2", count: 1 });
  const verified = await putSession("1", blue, "A", key("verified", { first_message_index: 9, is_verified: true }));
  expect(verified.body).toEqual({ etag: "3", count: 1 });
  expect(await all("1")).toMatchObject({
    rooms: { [blue]: { sessions: { A: { session_data: { name: "verified" } } } } },
  });
});

test("only the newest backup takes keys, and the refusal names it", async () => {
  expect(await putSession("1", blue, "A", key("a"))).toMatchObject(notFound);
  await create();
  await putSession("1", blue, "A", key("a"));
  await create();
  expect(await putSession("1", blue, "B", key("b"))).toMatchObject({
    status: 403,
    body: { errcode: "M_WRONG_ROOM_KEYS_VERSION", current_version: "2" },
  });
  expect(await putSession("7", blue, "B", key("b"))).toMatchObject(notFound);
  expect((await all("1")).rooms).toHaveProperty([blue]);
  expect((await all("2")).rooms).toEqual({});
});

test("keys that several devices store at once are all there and all counted", async () => {
  await create();
  const sessions = ["A", "B", "C", "D", "E"];
  await Promise.all(sessions.map((id) => putSession("1", blue, id, key(id))));
  expect((await info("1")).body).toMatchObject({ count: 5, etag: "5" });
  expect(Object.keys((await all("1")).rooms[blue]?.sessions ?? {}).sort()).toEqual(sessions);
});

test("keys are deleted one, by room and all, from any backup", async () => {
  await create();
  for (const id of ["A", "B"]) await putSession("1", blue, id, key(id));
  for (const id of ["A", "B"]) await putSession("1", red, id, key(id));
  await create();
  const query = { version: "1" };
  const one = { params: { roomId: blue, sessionId: "A" }, query } as const;
  expect((await alice.call(api.deleteRoomKeyBySessionId, one)).body).toEqual({ etag: "5", count: 3 });
  expect((await alice.call(api.deleteRoomKeyBySessionId, one)).body).toEqual({ etag: "5", count: 3 });
  expect(await alice.call(api.getRoomKeyBySessionId, one)).toMatchObject(notFound);
  const room = { params: { roomId: red }, query } as const;
  expect((await alice.call(api.deleteRoomKeysByRoomId, room)).body).toEqual({ etag: "6", count: 1 });
  expect((await alice.call(api.getRoomKeysByRoomId, room)).body).toEqual({ sessions: {} });
  expect((await alice.call(api.deleteRoomKeys, { query })).body).toEqual({ etag: "7", count: 0 });
  expect(await all("1")).toEqual({ rooms: {} });
  expect(await alice.call(api.deleteRoomKeys, { query: { version: "9" } })).toMatchObject(notFound);
});

test("a deleted backup is gone with its keys, deleting it again succeeds, and the one before is current", async () => {
  await create();
  await create();
  await putSession("2", blue, "A", key("a"));
  const remove = (version: string) => alice.call(api.deleteRoomKeysVersion, { params: { version } });
  expect((await remove("2")).status).toBe(200);
  expect((await remove("2")).status).toBe(200);
  expect(await remove("3")).toMatchObject(notFound);
  expect(await info("2")).toMatchObject(notFound);
  expect(await alice.call(api.getRoomKeys, { query: { version: "2" } })).toMatchObject(notFound);
  expect(await putSession("2", blue, "A", key("a"))).toMatchObject(notFound);
  expect((await alice.call(api.getRoomKeysVersionCurrent, {})).body.version).toBe("1");
  expect(await create()).toBe("3");
});

test("backups are each user's own", async () => {
  await create();
  await putSession("1", blue, "A", key("a"));
  const bob = await e2ee.login("bob", "LAPTOP");
  expect(await bob.call(api.getRoomKeys, { query: { version: "1" } })).toMatchObject(notFound);
});

test("keys for no room, under too long a name or of any size are refused", async () => {
  await create();
  const put = (rooms: api.BodyOf<typeof api.putRoomKeys>["rooms"]) =>
    alice.call(api.putRoomKeys, { query: { version: "1" }, body: { rooms } });
  const refused = async (rooms: Parameters<typeof put>[0], status: number, errcode: string) =>
    expect(await put(rooms)).toMatchObject({ status, body: { errcode } });
  await refused({ room: { sessions: { A: key("a") } } }, 400, "M_INVALID_PARAM");
  await refused({ [blue]: { sessions: { ["A".repeat(256)]: key("a") } } }, 400, "M_INVALID_PARAM");
  await refused({ [blue]: { sessions: { A: key("a".repeat(70_000)) } } }, 413, "M_TOO_LARGE");
  await refused({ [blue]: { sessions: { A: { ...key("a"), first_message_index: -1 } } } }, 400, "M_BAD_JSON");
  expect(await all("1")).toEqual({ rooms: {} });
});
