import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";

export function deviceKeysContract(storage: () => ContractStorage): void {
  const addDevice = (userId: UserId, deviceId: string, displayName?: string) =>
    storage().write(async (tx) => tx.devices.ensure({ userId, deviceId, displayName, createdTs: 0 }));
  const set = (userId: UserId, deviceId: string, keys: string) =>
    storage().write(async (tx) => tx.deviceKeys.set(userId, deviceId, keys), { reruns: 0 });

  test("all devices of users are answered with their names, and with their keys where they have any", async () => {
    await addDevice(alice, "PHONE", "Alice's phone");
    await addDevice(alice, "BOT");
    await addDevice(bob, "LAPTOP");
    await set(alice, "PHONE", `{"old":1}`);
    await set(alice, "PHONE", `{"new":1}`);
    const found = await storage().read.deviceKeys.ofUsers([alice, "@nobody:example.org"]);
    expect(found.sort((a, b) => a.deviceId.localeCompare(b.deviceId))).toEqual([
      { userId: alice, deviceId: "BOT", displayName: undefined, keys: undefined },
      { userId: alice, deviceId: "PHONE", displayName: "Alice's phone", keys: `{"new":1}` },
    ]);
  });

  test("a device that does not exist can have no keys", async () => {
    await addDevice(alice, "PHONE");
    await expect(set(alice, "LAPTOP", "{}")).rejects.toThrow(GuardFailed);
  });

  test("keys are required to be those that are known when a write is committed", async () => {
    const required = (deviceId: string, keys: string) =>
      storage().write(async (tx) => tx.deviceKeys.requireKeys(alice, deviceId, keys), { reruns: 0 });
    await addDevice(alice, "PHONE");
    await set(alice, "PHONE", `{"a":1}`);
    await required("PHONE", `{"a":1}`);
    await expect(required("PHONE", "{}")).rejects.toThrow(GuardFailed);
    await expect(required("LAPTOP", `{"a":1}`)).rejects.toThrow(GuardFailed);
  });

  test("keys are deleted by device", async () => {
    await addDevice(alice, "PHONE");
    await addDevice(alice, "LAPTOP");
    await set(alice, "PHONE", "{}");
    await set(alice, "LAPTOP", "{}");
    await storage().write(async (tx) => tx.deviceKeys.delete(alice, ["PHONE", "UNKNOWN"]));
    const keys = new Map(
      (await storage().read.deviceKeys.ofUsers([alice])).map((device) => [device.deviceId, device.keys]),
    );
    expect(keys).toEqual(
      new Map([
        ["PHONE", undefined],
        ["LAPTOP", "{}"],
      ]),
    );
  });
}
