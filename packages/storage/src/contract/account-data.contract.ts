import type { RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import type { Touched } from "../sql.ts";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const blue: RoomId = "!blue:example.org";

export function accountDataContract(storage: () => ContractStorage): void {
  const data = () => storage().read.accountData;
  const set = async (content: string, given: { userId?: UserId; roomId?: RoomId; type?: string } = {}) => {
    const { userId = alice, roomId, type = "m.direct" } = given;
    await storage().write(async (tx) => tx.accountData.set({ userId, roomId, type }, content));
    return storage().position();
  };

  test("global data and a room's data of the same type are apart", async () => {
    await set('{"n":1}');
    await set('{"n":2}', { roomId: blue });
    const global = { userId: alice, roomId: undefined, type: "m.direct" };
    expect(await data().get(global)).toMatchObject({ content: '{"n":1}' });
    expect(await data().get({ ...global, roomId: blue })).toMatchObject({ content: '{"n":2}', roomId: blue });
    expect(await data().get({ ...global, userId: bob })).toBeUndefined();
    expect(await data().get({ ...global, type: "never.seen" })).toBeUndefined();
  });

  test("changes are found between two positions, the last of each type, in their order", async () => {
    await set('{"n":1}');
    const second = await set("{}", { type: "b", roomId: blue });
    const third = await set('{"n":3}');
    await set("{}", { userId: bob });
    const found = async (after: number, upTo = storage().position()) =>
      (await data().changedSince(alice, after, upTo)).map(({ type, roomId, content }) => [type, roomId, content]);
    expect(await found(0)).toEqual([
      ["b", blue, "{}"],
      ["m.direct", undefined, '{"n":3}'],
    ]);
    expect(await found(second)).toEqual([["m.direct", undefined, '{"n":3}']]);
    expect(await found(0, second)).toEqual([["b", blue, "{}"]]);
    expect(await found(third)).toEqual([]);
  });

  test("a user's data is measured with all rooms', in bytes and entries", async () => {
    const size = (userId: UserId) => data().sizeOf(userId);
    expect(await size(alice)).toEqual({ bytes: 0, entries: 0 });
    await set('{"n":"ä"}');
    await set("{}", { roomId: blue });
    await set("{}", { userId: bob });
    expect(await size(alice)).toEqual({ bytes: 12, entries: 2 });
  });

  test("a change wakes its user", async () => {
    const touched: Touched[] = [];
    const stop = storage().onCommitted((committed) => touched.push(...committed.touched));
    await set("{}");
    stop();
    expect(touched).toEqual([{ userId: alice }]);
  });

  test.each([blue, undefined])(
    "of two changes made from the same content, one has to be made again (%s)",
    async (roomId) => {
      const key = { userId: alice, roomId, type: "m.tag" };
      const replace = (content: string, basedOn: number | undefined) =>
        storage().write(async (tx) => tx.accountData.replace(key, content, basedOn), { reruns: 0 });
      await replace('{"n":1}', undefined);
      await expect(replace('{"n":2}', undefined)).rejects.toThrow(GuardFailed);
      const seen = (await data().get(key))?.position;
      const outcomes = await Promise.allSettled([replace('{"n":3}', seen), replace('{"n":4}', seen)]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected"]);
      expect(await data().get(key)).toMatchObject({ content: '{"n":3}' });
    },
  );

  test("all of a user's data is deleted, and nobody else's", async () => {
    await set("{}");
    await set("{}", { roomId: blue });
    await set("{}", { userId: bob });
    await storage().write(async (tx) => tx.accountData.deleteAll(alice));
    const upTo = storage().position();
    expect(await data().changedSince(alice, 0, upTo)).toEqual([]);
    expect(await data().changedSince(bob, 0, upTo)).toHaveLength(1);
  });
}
