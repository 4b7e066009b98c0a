import {
  deleteRoomKeyBySessionId,
  deleteRoomKeys,
  deleteRoomKeysByRoomId,
  deleteRoomKeysVersion,
  getRoomKeyBySessionId,
  getRoomKeys,
  getRoomKeysByRoomId,
  getRoomKeysVersion,
  getRoomKeysVersionCurrent,
  postRoomKeysVersion,
  putRoomKeyBySessionId,
  putRoomKeys,
  putRoomKeysByRoomId,
  putRoomKeysVersion,
} from "@croft/api";
import { expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";

const algorithm = "m.megolm_backup.v1.curve25519-aes-sha2";
const roomId = "!kitchen:localhost" as const;
const other = "!cellar:localhost" as const;
const notFound = refusal(404, "M_NOT_FOUND");

const key = (
  more: { first_message_index?: number; is_verified?: boolean; session_data?: { ciphertext: string } } = {},
) => ({
  first_message_index: 5,
  forwarded_count: 0,
  is_verified: false,
  session_data: { ciphertext: "a" },
  ...more,
});

onBothEngines((here) => {
  const backedUp = async () => {
    const [alice] = await here.people("alice");
    const { version } = await alice.ok(postRoomKeysVersion, { body: { algorithm, auth_data: { public_key: "p" } } });
    return { alice, version, query: { version } };
  };

  test("who has no backup is told so", async () => {
    const [alice] = await here.people("alice");
    expect(await alice.call(getRoomKeysVersionCurrent)).toMatchObject(notFound);
    expect(await alice.call(getRoomKeys, { query: { version: "1" } })).toMatchObject(notFound);
  });

  test("the newest backup is the current one, and each can be asked for", async () => {
    const { alice, version } = await backedUp();
    const empty = { algorithm, auth_data: { public_key: "p" }, count: 0, etag: expect.any(String) };
    expect(await alice.ok(getRoomKeysVersionCurrent)).toEqual({ ...empty, version });
    const newer = await alice.ok(postRoomKeysVersion, { body: { algorithm, auth_data: { public_key: "q" } } });
    expect(newer.version).not.toBe(version);
    expect((await alice.ok(getRoomKeysVersionCurrent)).version).toBe(newer.version);
    expect(await alice.ok(getRoomKeysVersion, { params: { version } })).toEqual({ ...empty, version });
  });

  test("what a backup says of itself can be changed, but not how it works", async () => {
    const { alice, version } = await backedUp();
    const params = { version };
    await alice.ok(putRoomKeysVersion, { params, body: { algorithm, auth_data: { public_key: "r" } } });
    expect(await alice.ok(getRoomKeysVersionCurrent)).toMatchObject({ auth_data: { public_key: "r" } });
    const body = { algorithm: "another", auth_data: {} };
    expect(await alice.call(putRoomKeysVersion, { params, body })).toMatchObject(refusal(400, "M_INVALID_PARAM"));
  });

  test("keys are put and got one by one, by room, or all together, and counted", async () => {
    const { alice, query } = await backedUp();
    const session = { roomId, sessionId: "1" };
    const one = await alice.ok(putRoomKeyBySessionId, { params: session, query, body: key() });
    expect(one).toEqual({ count: 1, etag: expect.any(String) });
    const ofRoom = { sessions: { "2": key(), "3": key() } };
    const three = await alice.ok(putRoomKeysByRoomId, { params: { roomId }, query, body: ofRoom });
    expect(three.count).toBe(3);
    expect(three.etag).not.toBe(one.etag);
    const body = { rooms: { [other]: { sessions: { "4": key() } } } };
    expect((await alice.ok(putRoomKeys, { query, body })).count).toBe(4);
    expect(await alice.ok(getRoomKeyBySessionId, { params: session, query })).toEqual(key());
    const { sessions } = await alice.ok(getRoomKeysByRoomId, { params: { roomId }, query });
    expect(Object.keys(sessions).sort()).toEqual(["1", "2", "3"]);
    const { rooms } = await alice.ok(getRoomKeys, { query });
    expect(rooms).toEqual({ [roomId]: { sessions }, [other]: { sessions: { "4": key() } } });
    expect((await alice.ok(getRoomKeysVersionCurrent)).count).toBe(4);
  });

  test("a better key replaces one, a worse one does not", async () => {
    const { alice, query } = await backedUp();
    const params = { roomId, sessionId: "1" };
    const put = (body: ReturnType<typeof key>) => alice.ok(putRoomKeyBySessionId, { params, query, body });
    const kept = () => alice.ok(getRoomKeyBySessionId, { params, query });
    await put(key());
    await put(key({ first_message_index: 9, session_data: { ciphertext: "later" } }));
    expect(await kept()).toEqual(key());
    await put(key({ first_message_index: 2 }));
    expect(await kept()).toMatchObject({ first_message_index: 2 });
    await put(key({ first_message_index: 7, is_verified: true }));
    expect(await kept()).toMatchObject({ first_message_index: 7, is_verified: true });
  });

  test("keys are deleted one by one, by room, or all together", async () => {
    const { alice, query } = await backedUp();
    const rooms = {
      [roomId]: { sessions: { "1": key(), "2": key() } },
      [other]: { sessions: { "3": key(), "4": key() } },
    };
    await alice.ok(putRoomKeys, { query, body: { rooms } });
    const params = { roomId, sessionId: "1" };
    expect(await alice.ok(deleteRoomKeyBySessionId, { params, query })).toMatchObject({ count: 3 });
    expect(await alice.call(getRoomKeyBySessionId, { params, query })).toMatchObject(notFound);
    expect(await alice.ok(deleteRoomKeysByRoomId, { params, query })).toMatchObject({ count: 2 });
    expect(await alice.ok(getRoomKeysByRoomId, { params, query })).toEqual({ sessions: {} });
    expect(await alice.ok(deleteRoomKeys, { query })).toMatchObject({ count: 0 });
    expect(await alice.ok(getRoomKeys, { query })).toEqual({ rooms: {} });
  });

  test("only the newest backup takes keys, and says which it is", async () => {
    const { alice, query } = await backedUp();
    const newer = await alice.ok(postRoomKeysVersion, { body: { algorithm, auth_data: {} } });
    const put = { params: { roomId, sessionId: "1" }, query, body: key() };
    expect(await alice.call(putRoomKeyBySessionId, put)).toMatchObject({
      status: 403,
      body: { errcode: "M_WRONG_ROOM_KEYS_VERSION", current_version: newer.version },
    });
  });

  test("a backup that was deleted is gone, and the one before is the current one", async () => {
    const { alice, version } = await backedUp();
    const newer = await alice.ok(postRoomKeysVersion, { body: { algorithm, auth_data: {} } });
    await alice.ok(deleteRoomKeysVersion, { params: newer });
    expect(await alice.call(getRoomKeysVersion, { params: newer })).toMatchObject(notFound);
    expect((await alice.ok(getRoomKeysVersionCurrent)).version).toBe(version);
  });

  test("backups are their user's alone", async () => {
    const { alice, query } = await backedUp();
    await alice.ok(putRoomKeyBySessionId, { params: { roomId, sessionId: "1" }, query, body: key() });
    const [bob] = await here.people("bob");
    expect(await bob.call(getRoomKeys, { query })).toMatchObject(notFound);
  });
});
