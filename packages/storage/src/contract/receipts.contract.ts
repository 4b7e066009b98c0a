import type { EventId, RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import type { Touched } from "../sql.ts";
import type { ReceiptRecord } from "../stores/receipts.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const blue: RoomId = "!blue:example.org";
const red: RoomId = "!red:example.org";

export function receiptsContract(storage: () => ContractStorage): void {
  const receipts = () => storage().read.receipts;
  const set = async (given: Partial<ReceiptRecord> & { eventId: EventId }): Promise<number> => {
    await storage().write(async (tx) => {
      tx.receipts.set({
        roomId: blue,
        userId: alice,
        type: "m.read",
        threadId: undefined,
        eventPosition: undefined,
        ts: 1,
        ...given,
      });
    });
    return storage().position();
  };
  const changed = (forUser: UserId, after = 0, upTo = storage().position(), roomIds: RoomId[] = [blue]) =>
    receipts().changedSince({ roomIds, after, upTo, forUser });
  const eventIds = (records: readonly ReceiptRecord[]) => records.map(({ eventId }) => eventId);

  test("a receipt is read as it was set", async () => {
    const position = await set({ eventId: "$1", eventPosition: 7, ts: 1_700_000_000_000, threadId: "main" });
    expect(await receipts().ofUser(blue, alice)).toEqual([
      {
        roomId: blue,
        userId: alice,
        type: "m.read",
        threadId: "main",
        eventId: "$1",
        eventPosition: 7,
        ts: 1_700_000_000_000,
        position,
      },
    ]);
    expect(await receipts().ofUser(red, alice)).toEqual([]);
    expect(await receipts().ofUser(blue, bob)).toEqual([]);
  });

  test("there is one receipt per type and thread", async () => {
    await set({ eventId: "$1", eventPosition: 1 });
    await set({ eventId: "$2", eventPosition: 2 });
    await set({ eventId: "$3", eventPosition: 3, threadId: "main" });
    await set({ eventId: "$4", eventPosition: 4, threadId: "$root" });
    await set({ eventId: "$5", eventPosition: 5, type: "m.read.private" });
    expect(eventIds(await receipts().ofUser(blue, alice))).toEqual(["$2", "$3", "$4", "$5"]);
  });

  test("a receipt never moves back, and stays where it is for one as far on", async () => {
    await set({ eventId: "$2", eventPosition: 2, ts: 20 });
    await set({ eventId: "$1", eventPosition: 1, ts: 30 });
    await set({ eventId: "$2", eventPosition: 2, ts: 40 });
    expect(await receipts().ofUser(blue, alice)).toMatchObject([{ eventId: "$2", ts: 20 }]);
  });

  test("a receipt for an event not known here replaces and is replaced", async () => {
    await set({ eventId: "$2", eventPosition: 2 });
    await set({ eventId: "$unknown" });
    expect(await receipts().ofUser(blue, alice)).toMatchObject([{ eventId: "$unknown", eventPosition: undefined }]);
    await set({ eventId: "$1", eventPosition: 1 });
    expect(await receipts().ofUser(blue, alice)).toMatchObject([{ eventId: "$1", eventPosition: 1 }]);
  });

  test("changes are found between two positions, in their order, in the rooms asked for", async () => {
    const first = await set({ eventId: "$1", eventPosition: 1 });
    const second = await set({ eventId: "$2", eventPosition: 1, userId: bob });
    await set({ eventId: "$3", eventPosition: 1, roomId: red });
    expect(eventIds(await changed(bob))).toEqual(["$1", "$2"]);
    expect(eventIds(await changed(bob, first))).toEqual(["$2"]);
    expect(eventIds(await changed(bob, 0, first))).toEqual(["$1"]);
    expect(eventIds(await changed(bob, first, undefined, [blue, red]))).toEqual(["$2", "$3"]);
    expect(await changed(bob, second)).toEqual([]);
    expect(await changed(bob, 0, undefined, [])).toEqual([]);
  });

  test("a private receipt is read by its own user alone, and wakes nobody else", async () => {
    const touched: Touched[] = [];
    const stop = storage().onCommitted((committed) => touched.push(...committed.touched));
    await set({ eventId: "$1", eventPosition: 1, type: "m.read.private" });
    await set({ eventId: "$2", eventPosition: 2 });
    stop();
    expect(eventIds(await changed(bob))).toEqual(["$2"]);
    expect(eventIds(await changed(alice))).toEqual(["$1", "$2"]);
    expect(touched).toEqual([{ userId: alice }, { roomId: blue }]);
  });
}
