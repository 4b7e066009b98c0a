import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const hash = (text: string) => new TextEncoder().encode(text);

export function sessionsContract(storage: () => ContractStorage): void {
  const sessions = () => storage().read.sessions;
  const create = (name: string, { deviceId = "PHONE", supersedes }: { deviceId?: string; supersedes?: number } = {}) =>
    storage().write(async (tx) => {
      if ((await tx.accounts.get(alice)) === undefined) {
        tx.accounts.create({ userId: alice, passwordHash: undefined, isAdmin: true, isGuest: false, createdTs: 1 });
      }
      return tx.sessions.create({
        userId: alice,
        deviceId,
        accessHash: hash(`a${name}`),
        accessExpiresTs: 1_700_000_000_000,
        refreshHash: hash(`r${name}`),
        supersedes,
        createdTs: 1,
      });
    });
  const confirm = (tokenId: number, supersedes: number) =>
    storage().write(async (tx) => tx.sessions.confirm({ tokenId, supersedes, now: 10 }), { reruns: 0 });
  const isRetired = async (name: string) => (await sessions().byAccessToken(hash(`a${name}`)))?.retired;

  test("a pair is found by either of its tokens, with what its owner is", async () => {
    const tokenId = await create("1");
    const owner = {
      tokenId,
      userId: alice,
      deviceId: "PHONE",
      accessExpiresTs: 1_700_000_000_000,
      supersedes: undefined,
      retired: false,
      isAdmin: true,
      isGuest: false,
      locked: false,
      deactivated: false,
    };
    expect(await sessions().byAccessToken(hash("a1"))).toEqual(owner);
    expect(await sessions().byRefreshToken(hash("r1"))).toEqual(owner);
    expect(await sessions().byAccessToken(hash("r1"))).toBeUndefined();
  });

  test("using a new pair retires the one it supersedes and every other that supersedes it", async () => {
    const first = await create("1");
    const second = await create("2", { supersedes: first });
    const lost = await create("lost", { supersedes: first });
    expect(await isRetired("1")).toBe(false);
    await confirm(second, first);
    await confirm(second, first);
    expect(await isRetired("1")).toBe(true);
    expect(await isRetired("lost")).toBe(true);
    expect(await sessions().byRefreshToken(hash("r2"))).toMatchObject({ retired: false, supersedes: undefined });
    await expect(confirm(lost, first)).rejects.toThrow(GuardFailed);
  });

  test("nothing builds on a retired pair", async () => {
    const first = await create("1");
    const stillHolds = () => storage().write(async (tx) => tx.sessions.requireCurrent(first), { reruns: 0 });
    await stillHolds();
    await storage().write(async (tx) => tx.sessions.retireDevice(alice, "PHONE", 10));
    await expect(stillHolds()).rejects.toThrow(GuardFailed);
  });

  test("retired pairs are forgotten after their time, others are not", async () => {
    const first = await create("1");
    await confirm(await create("2", { supersedes: first }), first);
    await storage().write(async (tx) => tx.sessions.purgeRetired(10));
    expect(await isRetired("1")).toBe(true);
    await storage().write(async (tx) => tx.sessions.purgeRetired(11));
    expect(await isRetired("1")).toBeUndefined();
    expect(await isRetired("2")).toBe(false);
  });

  test("tokens go with their devices", async () => {
    await create("1");
    await create("2", { deviceId: "LAPTOP" });
    await create("3", { deviceId: "TABLET" });
    await storage().write(async (tx) => tx.sessions.deleteDevices(alice, ["PHONE", "UNKNOWN"]));
    expect([await isRetired("1"), await isRetired("2")]).toEqual([undefined, false]);
    await storage().write(async (tx) => tx.sessions.deleteOthers(alice, "TABLET"));
    expect([await isRetired("2"), await isRetired("3")]).toEqual([undefined, false]);
    await storage().write(async (tx) => tx.sessions.deleteAll(alice));
    expect(await isRetired("3")).toBeUndefined();
  });
}
