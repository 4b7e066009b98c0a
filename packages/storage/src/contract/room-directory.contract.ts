import type { RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const roomId: RoomId = "!room:here";
const creator: UserId = "@alice:here";

export function roomDirectoryContract(storage: () => ContractStorage): void {
  const create = (alias: `#${string}:here`, room = roomId) =>
    storage().write(async (tx) => tx.roomAliases.create({ alias, roomId: room, creator }), { reruns: 0 });

  test("an alias stands for one room until it is deleted", async () => {
    await create("#pub:here");
    await expect(create("#pub:here", "!other:here")).rejects.toThrow(GuardFailed);
    expect(await storage().read.roomAliases.get("#pub:here")).toEqual({ alias: "#pub:here", roomId, creator });
    expect(await storage().read.roomAliases.get("#Pub:here")).toBeUndefined();
    const remove = (room = roomId) =>
      storage().write(async (tx) => tx.roomAliases.delete({ alias: "#pub:here", roomId: room, creator }), {
        reruns: 0,
      });
    await expect(remove("!other:here")).rejects.toThrow(GuardFailed);
    await remove();
    expect(await storage().read.roomAliases.get("#pub:here")).toBeUndefined();
    await expect(remove()).rejects.toThrow(GuardFailed);
  });

  test("a room's aliases come in alphabetical order", async () => {
    for (const alias of ["#b:here", "#a:here", "#c:here"] as const) await create(alias);
    await create("#d:here", "!other:here");
    expect(await storage().read.roomAliases.ofRoom(roomId)).toEqual(["#a:here", "#b:here", "#c:here"]);
    expect(await storage().read.roomAliases.ofRoom("!none:here")).toEqual([]);
  });

  test("a room is published or not, however often it is said", async () => {
    const publish = (published: boolean) =>
      storage().write(async (tx) => tx.roomDirectory.setPublished(roomId, published));
    expect(await storage().read.roomDirectory.isPublished(roomId)).toBe(false);
    for (const published of [true, true, false, false]) {
      await publish(published);
      expect(await storage().read.roomDirectory.isPublished(roomId)).toBe(published);
    }
  });

  test("a user's profile is pending once, until it is not", async () => {
    for (let time = 0; time < 2; time++) await storage().write(async (tx) => tx.pendingProfiles.add(creator));
    expect(await storage().read.pendingProfiles.all()).toEqual([creator]);
    await storage().write(async (tx) => tx.pendingProfiles.remove(creator));
    expect(await storage().read.pendingProfiles.all()).toEqual([]);
  });
}
