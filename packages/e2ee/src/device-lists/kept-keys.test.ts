import * as api from "@croft/api";
import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { uploadKeys } from "../device-keys/upload-keys.ts";
import { discardedToDevice } from "../no-federation.ts";
import { crossSigningKeysOf, deviceKeysOf, overtaken, testE2ee } from "../test-e2ee.ts";
import { sendToDevice } from "../to-device/send-to-device.ts";
import { keptKeys } from "./kept-keys.ts";

test("a logout takes the device's keys and the messages waiting for it, and leaves the user's other devices theirs", async () => {
  await using e2ee = await testE2ee();
  const { storage } = e2ee.rooms;
  const phone = await e2ee.login("alice", "PHONE");
  const tablet = await e2ee.login("alice", "TABLET");
  const { userId } = phone;
  for (const device of [phone, tablet]) {
    const body = {
      device_keys: deviceKeysOf(device).signed,
      one_time_keys: { "a:1": "k" },
      fallback_keys: { "a:F": "f" },
    };
    await device.call(api.uploadKeys, { body });
  }
  await phone.call(api.sendToDevice, {
    params: { eventType: "m.test", txnId: "1" },
    body: { messages: { [userId]: { "*": {} } } },
  });
  await phone.call(api.logout, {});
  const { device_keys } = (await tablet.call(api.queryKeys, { body: { device_keys: { [userId]: [] } } })).body;
  expect(Object.keys(device_keys[userId] ?? {})).toEqual(["TABLET"]);
  const claimed = await tablet.call(api.claimKeys, {
    body: { one_time_keys: { [userId]: { PHONE: "a", TABLET: "a" } } },
  });
  expect(claimed.body.one_time_keys).toEqual({ [userId]: { TABLET: { "a:1": "k" } } });
  const waiting = (deviceId: string) =>
    storage.read.toDevice.forDevice({ userId, deviceId, after: 0, upTo: storage.position(), limit: 10 });
  expect(await waiting("PHONE")).toEqual([]);
  expect(await waiting("TABLET")).toHaveLength(1);
});

test("keys and messages that come in while their device is deleted are not kept for a later one of its id", async () => {
  await using e2ee = await testE2ee();
  const { storage, clock, serverName } = e2ee.rooms;
  const { userId, deviceId } = await e2ee.login("alice", "PHONE");
  await e2ee.login("bob", "LAPTOP");
  const late = overtaken(storage, async () => {
    await keptKeys({ storage }).deleteDevices(userId, [deviceId]);
    await storage.write(async (tx) => tx.devices.delete(userId, [deviceId]));
  });
  const requester = { userId, deviceId, tokenId: 1, isAdmin: false, isGuest: false };
  const deps = { clock, serverName, remoteToDevice: discardedToDevice };
  const send = (storage: typeof late, sender: UserId, senderDevice: string) =>
    sendToDevice(
      { ...deps, storage },
      {
        requester: { ...requester, userId: sender, deviceId: senderDevice },
        type: "m.test",
        path: "/p",
        messages: { [userId]: { [deviceId]: {} } },
      },
    );
  await send(late, "@bob:here", "LAPTOP");
  await e2ee.login("alice", "PHONE");
  const upload = { requester, deviceKeys: undefined, oneTimeKeys: { "a:1": "k" }, fallbackKeys: { "a:F": "f" } };
  const deleted = { errcode: "M_UNKNOWN_TOKEN" };
  await expect(uploadKeys({ storage: late }, upload)).rejects.toMatchObject(deleted);
  await e2ee.login("alice", "PHONE");
  await expect(send(late, userId, deviceId)).rejects.toMatchObject(deleted);
  await e2ee.login("alice", "PHONE");
  const upTo = storage.position();
  expect(await storage.read.toDevice.forDevice({ userId, deviceId, after: 0, upTo, limit: 10 })).toEqual([]);
  expect(await storage.read.toDevice.isSent({ userId, deviceId, path: "/p" })).toBe(false);
  const { counts, unusedFallbackTypes } = await storage.read.oneTimeKeys.countsOf(userId, deviceId);
  expect({ counts, unusedFallbackTypes }).toEqual({ counts: {}, unusedFallbackTypes: [] });
});

test("a user who is gone leaves no cross-signing keys and no backup, and doing it again is no error", async () => {
  await using e2ee = await testE2ee();
  const { storage } = e2ee.rooms;
  const alice = await e2ee.login("alice", "PHONE");
  const { body, master } = crossSigningKeysOf(alice.userId);
  await alice.call(api.uploadCrossSigningKeys, { body });
  await alice.call(api.postRoomKeysVersion, { body: { algorithm: "m.test", auth_data: {} } });
  const kept = keptKeys({ storage });
  expect(await kept.isCrossSigningKey(alice.userId, master.publicKey)).toBe(true);
  expect(await kept.isCrossSigningKey(alice.userId, "PHONE")).toBe(false);
  await kept.forgetUser(alice.userId);
  await kept.forgetUser(alice.userId);
  expect(await kept.isCrossSigningKey(alice.userId, master.publicKey)).toBe(false);
  expect(await alice.call(api.getRoomKeysVersionCurrent, {})).toMatchObject({ status: 404 });
});
