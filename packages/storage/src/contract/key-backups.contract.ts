import type { RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const blue: RoomId = "!blue:example.org";
const red: RoomId = "!red:example.org";

export function keyBackupsContract(storage: () => ContractStorage): void {
  const backups = () => storage().read.keyBackups;
  const create = (version: number, userId = alice) =>
    storage().write(async (tx) => tx.keyBackups.create(userId, { version, algorithm: "m.test", authData: "{}" }), {
      reruns: 0,
    });
  const put = (roomId: RoomId, sessionId: string, data: string, version = 1, userId = alice) =>
    storage().write(async (tx) =>
      tx.keyBackups.putKey(userId, version, {
        roomId,
        sessionId,
        data,
        isVerified: data === "verified",
        firstMessageIndex: 3,
        forwardedCount: 5,
      }),
    );
  const keys = async (which: { roomId?: RoomId; sessionId?: string } = {}, version = 1) =>
    (await backups().keys({ userId: alice, version, ...which })).map(({ data }) => data).sort();

  test("versions are made once each, and the newest that is not deleted is the latest", async () => {
    expect(await backups().latest(alice)).toBeUndefined();
    expect(await backups().lastVersion(alice)).toBe(0);
    await create(1);
    await create(2);
    await create(7, bob);
    await expect(create(2)).rejects.toThrow(GuardFailed);
    const second = { version: 2, algorithm: "m.test", authData: "{}", etag: 0, count: 0, deleted: false };
    expect(await backups().latest(alice)).toEqual(second);
    await storage().write(async (tx) => tx.keyBackups.delete(alice, 2));
    expect(await backups().latest(alice)).toMatchObject({ version: 1 });
    expect(await backups().get(alice, 2)).toEqual({ ...second, deleted: true });
    expect(await backups().lastVersion(alice)).toBe(2);
  });

  test("auth data is replaced, of a backup that is there", async () => {
    await create(1);
    const setAuthData = (version: number) =>
      storage().write(async (tx) => tx.keyBackups.setAuthData(alice, version, `{"new":1}`), { reruns: 0 });
    await setAuthData(1);
    expect(await backups().get(alice, 1)).toMatchObject({ authData: `{"new":1}`, etag: 0 });
    await expect(setAuthData(2)).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) => tx.keyBackups.delete(alice, 1));
    await expect(setAuthData(1)).rejects.toThrow(GuardFailed);
  });

  test("keys are read all, by room, and one, each from its own backup", async () => {
    await create(1);
    await put(blue, "A", "blue A");
    await put(blue, "B", "blue B");
    await put(red, "A", "red A");
    await put(blue, "A", "of version 2", 2);
    await put(blue, "A", "of Bob", 1, bob);
    expect(await keys()).toEqual(["blue A", "blue B", "red A"]);
    expect(await keys({ roomId: blue })).toEqual(["blue A", "blue B"]);
    expect(await keys({ roomId: red, sessionId: "A" })).toEqual(["red A"]);
    expect(await keys({ roomId: red, sessionId: "B" })).toEqual([]);
    expect(await keys({ roomId: "!unknown:example.org" })).toEqual([]);
    expect(await backups().countKeys({ userId: alice, version: 1 })).toBe(3);
    expect(await backups().countKeys({ userId: alice, version: 1, roomId: blue })).toBe(2);
    expect((await backups().keys({ userId: alice, version: 1, roomId: red }))[0]).toEqual({
      roomId: red,
      sessionId: "A",
      data: "red A",
    });
  });

  test("a key that is put again is replaced, and so is how good it is", async () => {
    await put(blue, "A", "first");
    await put(blue, "A", "verified");
    expect(await keys()).toEqual(["verified"]);
    const ranks = await backups().ranks({ userId: alice, version: 1, roomId: blue, sessionIds: ["A", "B"] });
    expect(ranks).toEqual(new Map([["A", { isVerified: true, firstMessageIndex: 3, forwardedCount: 5 }]]));
  });

  test("keys are deleted one, by room, and all", async () => {
    const remove = (which: { roomId?: RoomId; sessionId?: string }) =>
      storage().write(async (tx) => tx.keyBackups.deleteKeys({ userId: alice, version: 1, ...which }));
    for (const [room, session] of [
      [blue, "A"],
      [blue, "B"],
      [red, "A"],
      [red, "B"],
    ] as const) {
      await put(room, session, `${room} ${session}`);
    }
    await put(blue, "A", "kept", 2);
    await remove({ roomId: blue, sessionId: "A" });
    expect(await keys()).toEqual([`${blue} B`, `${red} A`, `${red} B`]);
    await remove({ roomId: red });
    expect(await keys()).toEqual([`${blue} B`]);
    await remove({});
    expect(await keys()).toEqual([]);
    expect(await keys({}, 2)).toEqual(["kept"]);
  });

  test("a count is moved once from each etag, and never in a deleted backup", async () => {
    await create(1);
    const setCount = (count: number, basedOn: number) =>
      storage().write(async (tx) => tx.keyBackups.setCount(alice, 1, { count, basedOn }), { reruns: 0 });
    await setCount(3, 0);
    expect(await backups().get(alice, 1)).toMatchObject({ count: 3, etag: 1 });
    await expect(setCount(4, 0)).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) => tx.keyBackups.delete(alice, 1));
    await expect(setCount(4, 1)).rejects.toThrow(GuardFailed);
  });

  test("a deleted backup has no keys, and a user who is gone no backups", async () => {
    await create(1);
    await create(2);
    await put(blue, "A", "1");
    await put(blue, "A", "2", 2);
    await storage().write(async (tx) => tx.keyBackups.delete(alice, 1));
    expect(await keys()).toEqual([]);
    expect(await keys({}, 2)).toEqual(["2"]);
    await storage().write(async (tx) => tx.keyBackups.deleteAll(alice));
    expect(await keys({}, 2)).toEqual([]);
    expect(await backups().lastVersion(alice)).toBe(0);
  });
}
