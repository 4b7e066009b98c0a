import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";

export function devicesContract(storage: () => ContractStorage): void {
  const devices = () => storage().read.devices;
  const ensure = (deviceId: string, displayName?: string, createdTs = 1, userId = alice) =>
    storage().write(async (tx) => tx.devices.ensure({ userId, deviceId, displayName, createdTs }));
  const ids = async (userId: UserId) => (await devices().ofUser(userId)).map((device) => device.deviceId);

  test("a device that is known stays as it is", async () => {
    await ensure("PHONE", "My phone");
    await ensure("PHONE", "Another", 2);
    expect(await devices().get(alice, "PHONE")).toEqual({
      userId: alice,
      deviceId: "PHONE",
      displayName: "My phone",
      createdTs: 1,
      lastSeen: undefined,
    });
    expect(await devices().get(bob, "PHONE")).toBeUndefined();
  });

  test("devices come oldest first, each user's own", async () => {
    await ensure("B", undefined, 2);
    await ensure("A", undefined, 3);
    await ensure("C", undefined, 1);
    await ensure("D", undefined, 1, bob);
    expect(await ids(alice)).toEqual(["C", "B", "A"]);
  });

  test("a device is renamed and remembered where it was seen; one that is gone is not", async () => {
    await ensure("PHONE");
    const lastSeen = { ip: "192.0.2.1", ts: 1_700_000_000_000, userAgent: undefined };
    await storage().write(async (tx) => {
      tx.devices.rename(alice, "PHONE", "Renamed");
      tx.devices.seen(alice, "PHONE", lastSeen);
      tx.devices.seen(alice, "GONE", lastSeen);
    });
    expect(await devices().get(alice, "PHONE")).toMatchObject({ displayName: "Renamed", lastSeen });
    expect(await ids(alice)).toEqual(["PHONE"]);
    const rename = storage().write(async (tx) => tx.devices.rename(alice, "GONE", "x"), { reruns: 0 });
    await expect(rename).rejects.toThrow(GuardFailed);
  });

  test("a device is required to be there when a write is committed", async () => {
    const required = (deviceId: string) =>
      storage().write(async (tx) => tx.devices.requireDevice(alice, deviceId), { reruns: 0 });
    await ensure("PHONE", "Phone", 7);
    const before = await devices().get(alice, "PHONE");
    await required("PHONE");
    expect(await devices().get(alice, "PHONE")).toEqual(before);
    await expect(required("GONE")).rejects.toThrow(GuardFailed);
  });

  test("devices are deleted one by one or all at once, and only their user's", async () => {
    for (const deviceId of ["A", "B", "C"]) await ensure(deviceId);
    await ensure("A", undefined, 1, bob);
    await storage().write(async (tx) => tx.devices.delete(alice, ["A", "UNKNOWN"]));
    expect(await ids(alice)).toEqual(["B", "C"]);
    await storage().write(async (tx) => tx.devices.delete(alice, []));
    await storage().write(async (tx) => tx.devices.deleteAll(alice));
    expect(await ids(alice)).toEqual([]);
    expect(await ids(bob)).toEqual(["A"]);
  });
}
