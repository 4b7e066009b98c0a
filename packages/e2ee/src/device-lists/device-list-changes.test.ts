import * as api from "@croft/api";
import { formatStreamToken } from "@croft/rooms";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  crossSigningKeysOf,
  deviceKeysOf,
  passwordAuth,
  type TestDevice,
  type TestE2ee,
  testE2ee,
} from "../test-e2ee.ts";
import { deviceListChanges } from "./device-list-changes.ts";
import { keptKeys } from "./kept-keys.ts";

let e2ee: TestE2ee;
let alice: TestDevice;
let bob: TestDevice;
let carol: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
  bob = await e2ee.login("bob", "LAPTOP");
  carol = await e2ee.login("carol", "DESK");
});
afterEach(() => e2ee[Symbol.asyncDispose]());

const now = () => e2ee.rooms.storage.position();
const changes = async ({ userId }: TestDevice, since: number) => {
  const found = await deviceListChanges({ storage: e2ee.rooms.storage }, { userId, since, now: now() });
  return { changed: [...found.changed].sort(), left: [...found.left].sort() };
};
const uploadDeviceKeys = (device: TestDevice, seed?: string) =>
  device.call(api.uploadKeys, { body: { device_keys: deviceKeysOf(device, seed).signed } });

test("new device keys are a change for who shares a room, and for the user's other devices, once", async () => {
  await e2ee.createRoom(alice, bob);
  const since = now();
  await uploadDeviceKeys(bob);
  expect(await changes(alice, since)).toEqual({ changed: [bob.userId], left: [] });
  expect(await changes(bob, since)).toEqual({ changed: [bob.userId], left: [] });
  expect(await changes(carol, since)).toEqual({ changed: [], left: [] });
  const after = now();
  await uploadDeviceKeys(bob);
  await bob.call(api.uploadKeys, { body: { one_time_keys: { "a:1": "k" } } });
  expect(await changes(alice, after)).toEqual({ changed: [], left: [] });
});

test("a change wakes the user and the rooms they are in", async () => {
  const roomId = await e2ee.createRoom(alice, bob);
  const woken: unknown[] = [];
  e2ee.rooms.storage.onCommitted(({ touched }) => woken.push(...touched));
  await uploadDeviceKeys(bob);
  expect(woken).toContainEqual({ userId: bob.userId });
  expect(woken).toContainEqual({ roomId });
});

test("a deleted device with keys is a change, one without none", async () => {
  await e2ee.createRoom(alice, bob);
  await uploadDeviceKeys(bob);
  await e2ee.login("bob", "KEYLESS");
  const since = now();
  const remove = (deviceId: string) =>
    bob.call(api.deleteDevice, { params: { deviceId }, body: { auth: passwordAuth("bob") } });
  expect((await remove("KEYLESS")).status).toBe(200);
  expect(await changes(alice, since)).toEqual({ changed: [], left: [] });
  expect((await remove("LAPTOP")).status).toBe(200);
  expect(await changes(alice, since)).toEqual({ changed: [bob.userId], left: [] });
});

test("a renamed device is a change", async () => {
  await e2ee.createRoom(alice, bob);
  const since = now();
  await keptKeys(e2ee.rooms).deviceRenamed(bob.userId);
  expect((await changes(alice, since)).changed).toEqual([bob.userId]);
});

test("a new self-signing key is a change for others, a new user-signing key for the user alone", async () => {
  await e2ee.createRoom(alice, bob);
  const { body } = crossSigningKeysOf(bob.userId);
  const { master_key, self_signing_key, user_signing_key } = body;
  const since = now();
  await bob.call(api.uploadCrossSigningKeys, { body: { master_key, self_signing_key } });
  expect((await changes(alice, since)).changed).toEqual([bob.userId]);
  const after = now();
  await bob.call(api.uploadCrossSigningKeys, { body: { user_signing_key, auth: passwordAuth("bob") } });
  expect((await changes(alice, after)).changed).toEqual([]);
  expect((await changes(bob, after)).changed).toEqual([bob.userId]);
});

test("who joins a room, and who is in it, change for one another", async () => {
  const roomId = await e2ee.createRoom(alice, bob);
  const since = now();
  await carol.call(api.joinRoomById, { params: { roomId }, body: {} });
  expect((await changes(alice, since)).changed).toEqual([carol.userId]);
  expect((await changes(carol, since)).changed).toEqual([alice.userId, bob.userId]);
});

test("who leaves the last room shared is left, for both, and not before", async () => {
  const first = await e2ee.createRoom(alice, bob, carol);
  const second = await e2ee.createRoom(alice, bob);
  const since = now();
  await bob.call(api.leaveRoom, { params: { roomId: first }, body: {} });
  expect(await changes(alice, since)).toEqual({ changed: [], left: [] });
  expect(await changes(bob, since)).toEqual({ changed: [], left: [carol.userId] });
  expect((await changes(carol, since)).left).toEqual([bob.userId]);
  await bob.call(api.leaveRoom, { params: { roomId: second }, body: {} });
  expect((await changes(alice, since)).left).toEqual([bob.userId]);
  expect((await changes(bob, since)).left).toEqual([alice.userId, carol.userId]);
});

test("who leaves and comes back between two syncs is not left", async () => {
  const roomId = await e2ee.createRoom(alice, bob);
  const since = now();
  await bob.call(api.leaveRoom, { params: { roomId }, body: {} });
  await bob.call(api.joinRoomById, { params: { roomId }, body: {} });
  expect(await changes(alice, since)).toEqual({ changed: [bob.userId], left: [] });
  expect(await changes(bob, since)).toEqual({ changed: [alice.userId], left: [] });
});

test("who declines an invite learns nothing of who is in the room", async () => {
  const roomId = await e2ee.createRoom(alice, bob);
  await alice.call(api.inviteUser, { params: { roomId }, body: { user_id: carol.userId } });
  const since = now();
  await carol.call(api.leaveRoom, { params: { roomId }, body: {} });
  expect(await changes(carol, since)).toEqual({ changed: [], left: [] });
});

test("changes are asked for by the tokens of two syncs", async () => {
  await e2ee.createRoom(alice, bob);
  const from = formatStreamToken({ position: now(), typing: 0 });
  await uploadDeviceKeys(bob);
  const to = formatStreamToken({ position: now(), typing: 0 });
  const ask = (query: { from: string; to: string }) => alice.call(api.getKeysChanges, { query });
  expect((await ask({ from, to })).body).toEqual({ changed: [bob.userId], left: [] });
  expect((await ask({ from: to, to })).body).toEqual({ changed: [], left: [] });
  expect(await ask({ from: "nonsense", to })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
});
