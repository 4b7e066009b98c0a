import * as api from "@croft/api";
import type { UserId } from "@croft/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RemoteKeys } from "../ports.ts";
import { crossSigningKeysOf, deviceKeysOf, type TestDevice, type TestE2ee, testE2ee } from "../test-e2ee.ts";

let e2ee: TestE2ee;
let alice: TestDevice;
let bob: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
  bob = await e2ee.login("bob", "LAPTOP");
});
afterEach(() => e2ee[Symbol.asyncDispose]());

const query = async (device: TestDevice, devices: { [userId: string]: string[] }) =>
  (await device.call(api.queryKeys, { body: { device_keys: devices } })).body;

test("a device's keys come as they were uploaded, with the name its user gave it", async () => {
  const { signed } = deviceKeysOf(alice);
  await alice.call(api.uploadKeys, { body: { device_keys: { ...signed, unsigned: { forged: true } } } });
  expect((await query(bob, { [alice.userId]: [] })).device_keys).toEqual({
    [alice.userId]: { PHONE: { ...signed, unsigned: { device_display_name: "alice's" } } },
  });
  await alice.call(api.updateDevice, { params: { deviceId: "PHONE" }, body: { display_name: "My phone" } });
  expect((await query(bob, { [alice.userId]: ["PHONE"] })).device_keys).toMatchObject({
    [alice.userId]: { PHONE: { unsigned: { device_display_name: "My phone" } } },
  });
});

test("the devices that are asked for come, all where none is named, and unknown users and devices are missing", async () => {
  const tablet = await e2ee.login("alice", "TABLET");
  for (const device of [alice, tablet]) {
    await device.call(api.uploadKeys, { body: { device_keys: deviceKeysOf(device).signed } });
  }
  const devicesFor = async (devices: string[]) =>
    Object.keys((await query(bob, { [alice.userId]: devices })).device_keys[alice.userId] ?? {}).sort();
  expect(await devicesFor([])).toEqual(["PHONE", "TABLET"]);
  expect(await devicesFor(["TABLET", "UNKNOWN"])).toEqual(["TABLET"]);
  expect(await query(alice, { [bob.userId]: [], "@nobody:here": [] })).toEqual({
    failures: {},
    device_keys: { [bob.userId]: {} },
    master_keys: {},
    self_signing_keys: {},
    user_signing_keys: {},
  });
});

test("others see a user's master and self-signing key, the user alone the user-signing key", async () => {
  const { body } = crossSigningKeysOf(alice.userId);
  await alice.call(api.uploadCrossSigningKeys, { body });
  const seen = await query(bob, { [alice.userId]: [] });
  expect(seen.master_keys[alice.userId]).toMatchObject(body.master_key);
  expect(seen.self_signing_keys[alice.userId]).toEqual(body.self_signing_key);
  expect(seen.user_signing_keys).toEqual({});
  const own = await query(alice, { [alice.userId]: [] });
  expect(own.user_signing_keys[alice.userId]).toEqual(body.user_signing_key);
});

test("users of a server that is not reached are failures of that server", async () => {
  const found = await query(alice, { "@x:away": [], "@y:away": [], [bob.userId]: [] });
  expect(Object.keys(found.failures)).toEqual(["away"]);
  expect(found.device_keys).toEqual({ [bob.userId]: {} });
});

test("what is no user id is refused", async () => {
  const reply = await alice.call(api.queryKeys, { body: { device_keys: { bob: [] } } });
  expect(reply).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
});

test("another server is asked for its users with the time the client gives, and what it answers is passed on", async () => {
  const asked: unknown[] = [];
  const x: UserId = "@x:away";
  const remoteKeys: RemoteKeys = {
    async query(args) {
      asked.push(args);
      const key = { user_id: x, device_id: "X" };
      const master = { user_id: x, keys: { "ed25519:M": "M" } };
      return { failures: {}, deviceKeys: { [x]: { X: key } }, masterKeys: { [x]: master }, selfSigningKeys: {} };
    },
    async claim(args) {
      asked.push(args);
      return { failures: {}, oneTimeKeys: { [x]: { X: { "a:1": "k" } } } };
    },
  };
  await using other = await testE2ee({ remoteKeys });
  const device = await other.login("alice", "PHONE");
  const { body } = await device.call(api.queryKeys, { body: { device_keys: { [x]: ["X"] }, timeout: 77 } });
  expect(body.device_keys).toEqual({ [x]: { X: { user_id: x, device_id: "X" } } });
  expect(body.master_keys[x]).toMatchObject({ user_id: x });
  const claimed = await device.call(api.claimKeys, { body: { one_time_keys: { [x]: { X: "a" } } } });
  expect(claimed.body.one_time_keys).toEqual({ [x]: { X: { "a:1": "k" } } });
  expect(asked).toEqual([
    { devices: new Map([[x, ["X"]]]), timeoutMs: 77 },
    { algorithms: new Map([[x, new Map([["X", "a"]])]]), timeoutMs: 10_000 },
  ]);
});
