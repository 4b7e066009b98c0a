import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";

export function toDeviceContract(storage: () => ContractStorage): void {
  const ensure = (...deviceIds: string[]) =>
    storage().write(async (tx) => {
      for (const deviceId of deviceIds) {
        tx.devices.ensure({ userId: alice, deviceId, displayName: undefined, createdTs: 0 });
      }
    });
  const add = async (deviceId: string, ...events: string[]): Promise<number> => {
    await ensure(deviceId);
    await storage().write(async (tx) => {
      for (const event of events) tx.toDevice.add(alice, deviceId, event);
    });
    return storage().position();
  };
  const waiting = async (deviceId: string, after = 0, upTo = storage().position(), limit = 100) =>
    storage().read.toDevice.forDevice({ userId: alice, deviceId, after, upTo, limit });

  test("messages wait in the order of their arrival, each for its own device", async () => {
    await add("PHONE", "1", "2");
    await add("LAPTOP", "3");
    const last = await add("PHONE", "4");
    const messages = await waiting("PHONE");
    expect(messages.map(({ event }) => event)).toEqual(["1", "2", "4"]);
    expect(messages[2]?.position).toBe(last);
    expect((await waiting("LAPTOP")).map(({ event }) => event)).toEqual(["3"]);
  });

  test("a page ends at its limit and at its bound, and the next one begins after it", async () => {
    await add("PHONE", "1", "2", "3");
    const bound = storage().position();
    await add("PHONE", "4");
    const first = await waiting("PHONE", 0, bound, 2);
    expect(first.map(({ event }) => event)).toEqual(["1", "2"]);
    expect((await waiting("PHONE", first[1]?.position, bound)).map(({ event }) => event)).toEqual(["3"]);
  });

  test("what a device has got is deleted, and nothing after it", async () => {
    const got = await add("PHONE", "1", "2");
    await add("PHONE", "3");
    await storage().write(async (tx) => tx.toDevice.deleteUpTo(alice, "PHONE", got));
    expect((await waiting("PHONE")).map(({ event }) => event)).toEqual(["3"]);
  });

  test("a device that does not exist gets and remembers nothing", async () => {
    await storage().write(async (tx) => tx.toDevice.add(alice, "GONE", "1"));
    const transaction = { userId: alice, deviceId: "GONE", path: "/p" };
    const remember = storage().write(async (tx) => tx.toDevice.remember(transaction, 0), { reruns: 0 });
    await expect(remember).rejects.toThrow(GuardFailed);
    await ensure("GONE");
    expect(await waiting("GONE")).toEqual([]);
  });

  test("a message wakes its device and survives a restart", async () => {
    await ensure("PHONE");
    const woken: unknown[] = [];
    storage().onCommitted(({ touched }) => woken.push(...touched));
    await add("PHONE", "1");
    expect(woken).toEqual([{ userId: alice, deviceId: "PHONE" }]);
    await storage().reopen();
    expect((await waiting("PHONE")).map(({ event }) => event)).toEqual(["1"]);
  });

  test("a transaction is remembered once, by its device and path, until it is old", async () => {
    const transaction = { userId: alice, deviceId: "PHONE", path: "/sendToDevice/m.x/1" };
    const remember = (now: number) =>
      storage().write(async (tx) => tx.toDevice.remember(transaction, now), { reruns: 0 });
    await ensure("PHONE");
    expect(await storage().read.toDevice.isSent(transaction)).toBe(false);
    await remember(1_000);
    expect(await storage().read.toDevice.isSent(transaction)).toBe(true);
    expect(await storage().read.toDevice.isSent({ ...transaction, deviceId: "LAPTOP" })).toBe(false);
    expect(await storage().read.toDevice.isSent({ ...transaction, path: "/sendToDevice/m.x/2" })).toBe(false);
    await expect(remember(1_000)).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) => tx.toDevice.forgetTransactions(1_001));
    expect(await storage().read.toDevice.isSent(transaction)).toBe(false);
  });

  test("messages and transactions go with their device", async () => {
    const transaction = { userId: alice, deviceId: "PHONE", path: "/p" };
    await add("PHONE", "1");
    await add("LAPTOP", "2");
    await storage().write(async (tx) => tx.toDevice.remember(transaction, 0));
    await storage().write(async (tx) => tx.toDevice.delete(alice, ["PHONE", "UNKNOWN"]));
    expect(await waiting("PHONE")).toEqual([]);
    expect(await storage().read.toDevice.isSent(transaction)).toBe(false);
    expect(await waiting("LAPTOP")).toHaveLength(1);
  });

  test("all devices of users are found", async () => {
    await storage().write(async (tx) => {
      for (const [userId, deviceId] of [
        [alice, "A"],
        [alice, "B"],
        [bob, "C"],
      ] as const) {
        tx.devices.ensure({ userId, deviceId, displayName: undefined, createdTs: 0 });
      }
    });
    const found = await storage().read.toDevice.devicesOf([alice, bob, "@nobody:example.org"]);
    expect(found.map(({ deviceId }) => deviceId).sort()).toEqual(["A", "B", "C"]);
    expect(await storage().read.toDevice.devicesOf([bob])).toEqual([{ userId: bob, deviceId: "C" }]);
  });
}
