import type { EventId, RoomId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";

const roomId: RoomId = "!room:example.org";
const room = { roomId, version: "12", creator: "@alice:example.org", partialState: true } as const;

export function roomsContract(storage: () => ContractStorage): void {
  const append = (eventId: EventId, consumed: readonly EventId[], depth: number, stateGroup = 0) =>
    storage().write(
      async (tx) => {
        tx.events.append(sampleEvent({ eventId, depth, position: tx.nextPosition() }));
        tx.rooms.moveHead({ roomId, consumed, added: [{ eventId, depth }], stateGroup });
      },
      { reruns: 0 },
    );

  test("a room is known as it was created, and its head is empty", async () => {
    await storage().write(async (tx) => tx.rooms.create(room));
    expect(await storage().read.rooms.byId(roomId)).toEqual(room);
    expect(await storage().read.rooms.head(roomId)).toEqual({ forwardExtremities: [], stateGroup: 0 });
  });

  test("the current states of many rooms are found at once", async () => {
    await storage().write(async (tx) => tx.rooms.create(room));
    await append("$state", [], 1, 7);
    const groups = await storage().read.rooms.stateGroups([roomId, "!other:example.org"]);
    expect(groups).toEqual(new Map([[roomId, 7]]));
  });

  test("a room that is not known has no record and no head", async () => {
    expect(await storage().read.rooms.byId("!other:example.org")).toBeUndefined();
    expect(await storage().read.rooms.head("!other:example.org")).toBeUndefined();
  });

  test("a room cannot be created twice", async () => {
    await storage().write(async (tx) => tx.rooms.create(room));
    const again = storage().write(async (tx) => tx.rooms.create({ ...room, version: "1" }), { reruns: 0 });
    await expect(again).rejects.toThrow(GuardFailed);
    expect(await storage().read.rooms.byId(roomId)).toEqual(room);
  });

  test("an event takes the place of the extremities it builds on", async () => {
    await storage().write(async (tx) => tx.rooms.create(room));
    await append("$a", [], 1);
    await append("$b", ["$a"], 2, 7);
    await append("$c", [], 3, 8);
    expect(await storage().read.rooms.head(roomId)).toEqual({
      forwardExtremities: [
        { eventId: "$b", depth: 2 },
        { eventId: "$c", depth: 3 },
      ],
      stateGroup: 8,
    });
    await append("$d", ["$b", "$c"], 4, 8);
    expect((await storage().read.rooms.head(roomId))?.forwardExtremities).toEqual([{ eventId: "$d", depth: 4 }]);
  });

  test("of two events built on the same extremity at once only the first is kept", async () => {
    await storage().write(async (tx) => tx.rooms.create(room));
    await append("$a", [], 1);
    const [first, second] = await Promise.allSettled([append("$b", ["$a"], 2), append("$c", ["$a"], 2)]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: expect.any(GuardFailed) });
    expect((await storage().read.rooms.head(roomId))?.forwardExtremities).toEqual([{ eventId: "$b", depth: 2 }]);
    expect(await storage().read.events.byId("$c")).toBeUndefined();
  });

  test("an event may build on one whose write is still under way", async () => {
    await storage().write(async (tx) => tx.rooms.create(room));
    await Promise.all([append("$a", [], 1), append("$b", ["$a"], 2), append("$c", ["$b"], 3)]);
    expect((await storage().read.rooms.head(roomId))?.forwardExtremities).toEqual([{ eventId: "$c", depth: 3 }]);
  });
}
