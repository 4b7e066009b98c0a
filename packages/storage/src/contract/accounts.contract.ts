import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const token = new Uint8Array([1, 2, 3]);

export function accountsContract(storage: () => ContractStorage): void {
  const accounts = () => storage().read.accounts;
  const create = (userId: UserId, isAdmin = false) =>
    storage().write(
      async (tx) => tx.accounts.create({ userId, passwordHash: "hash", isAdmin, isGuest: false, createdTs: 5 }),
      { reruns: 0 },
    );

  test("an account is read as it was made", async () => {
    expect(await accounts().any()).toBe(false);
    await create(alice, true);
    expect(await accounts().any()).toBe(true);
    expect(await accounts().get(alice)).toEqual({
      userId: alice,
      passwordHash: "hash",
      isAdmin: true,
      isGuest: false,
      locked: false,
      suspended: false,
      deactivated: false,
      erased: false,
      createdTs: 5,
    });
    expect(await accounts().get("@Alice:example.org")).toBeUndefined();
  });

  test("of two who want the same name at once, one gets it", async () => {
    const outcomes = await Promise.allSettled([create(alice), create(alice), create(bob)]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(GuardFailed) });
  });

  test("switches are read as they were set", async () => {
    await create(alice);
    await storage().write(async (tx) => {
      tx.accounts.setAdmin(alice, true);
      tx.accounts.setLocked(alice, true);
      tx.accounts.setSuspended(alice, true);
      tx.accounts.setPassword(alice, "other");
    });
    expect(await accounts().get(alice)).toMatchObject({
      isAdmin: true,
      locked: true,
      suspended: true,
      passwordHash: "other",
    });
  });

  test("a password that was changed meanwhile is not the one that was checked", async () => {
    await create(alice);
    const stillHolds = (hash: string) =>
      storage().write(async (tx) => tx.accounts.requirePassword(alice, hash), { reruns: 0 });
    await stillHolds("hash");
    await expect(stillHolds("older")).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) => tx.accounts.deactivate(alice, false));
    await expect(stillHolds("hash")).rejects.toThrow(GuardFailed);
  });

  test("a deactivated account keeps its name, loses its password, and departs until it has departed", async () => {
    await create(alice);
    await storage().write(async (tx) => tx.accounts.deactivate(alice, true));
    expect(await accounts().get(alice)).toMatchObject({ deactivated: true, erased: true, passwordHash: undefined });
    expect(await accounts().departing()).toEqual([alice]);
    await expect(create(alice)).rejects.toThrow(GuardFailed);
    const again = storage().write(async (tx) => tx.accounts.deactivate(alice, false), { reruns: 0 });
    await expect(again).rejects.toThrow(GuardFailed);
    const password = storage().write(async (tx) => tx.accounts.setPassword(alice, "new"), { reruns: 0 });
    await expect(password).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) => tx.accounts.departed(alice));
    expect(await accounts().departing()).toEqual([]);
  });

  test("a setup token waits until it expires, is taken or is replaced", async () => {
    const set = (hash: Uint8Array) => storage().write(async (tx) => tx.accounts.setSetupToken(hash, 100));
    const take = (now: number) => storage().write(async (tx) => tx.accounts.takeSetupToken(token, now), { reruns: 0 });
    await set(token);
    expect(await accounts().isSetupToken(token, 99)).toBe(true);
    expect(await accounts().isSetupToken(token, 100)).toBe(false);
    await expect(take(100)).rejects.toThrow(GuardFailed);
    const taken = await Promise.allSettled([take(99), take(99)]);
    expect(taken.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected"]);
    await set(token);
    await set(new Uint8Array([9]));
    expect(await accounts().isSetupToken(token, 0)).toBe(false);
  });

  test("the first account ends the waiting setup token", async () => {
    await storage().write(async (tx) => tx.accounts.setSetupToken(token, 100));
    await create(alice);
    expect(await accounts().isSetupToken(token, 0)).toBe(false);
  });
}
