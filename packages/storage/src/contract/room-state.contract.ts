import { type EventId, type RoomId, stateMapKey } from "@croft/protocol";
import { seededRandom } from "@croft/runtime";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { StateChange, StateGroup } from "../stores/room-state.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";
import { fillRoom } from "./synthetic-room.ts";

const roomId: RoomId = "!room:example.org";
const topic = stateMapKey("m.room.topic", "");
const name = stateMapKey("m.room.name", "");
const member = (localpart: string) => stateMapKey("m.room.member", `@${localpart}:example.org`);

export function roomStateContract(storage: () => ContractStorage): void {
  const roomState = () => storage().read.roomState;
  /** Appends the events of the changes and derives the group. */
  const derive = (parent: StateGroup, changes: readonly StateChange[]) =>
    storage().write(async (tx) => {
      for (const { eventId } of changes) {
        if (eventId !== undefined) tx.events.append(sampleEvent({ eventId, position: tx.nextPosition() }));
      }
      return tx.roomState.derive(parent, changes);
    });
  const entries = async (group: StateGroup) => Object.fromEntries(await roomState().map(group));

  test("group 0 is the empty map", async () => {
    expect(await entries(0)).toEqual({});
    expect(await roomState().get(0, topic)).toBeUndefined();
    expect(await roomState().ofType(0, "m.room.topic")).toEqual(new Map());
  });

  test("a derived group is its parent but for the changes, and the parent stays as it was", async () => {
    const parent = await derive(0, [
      { key: topic, eventId: "$topic" },
      { key: name, eventId: "$name" },
    ]);
    const child = await derive(parent, [
      { key: topic, eventId: "$topic2" },
      { key: name, eventId: undefined },
      { key: member("bob"), eventId: "$bob" },
    ]);
    for (const restart of [false, true]) {
      if (restart) await storage().reopen();
      expect(await roomState().get(child, topic)).toBe("$topic2");
      expect(await roomState().get(child, name)).toBeUndefined();
      expect(await roomState().get(child, "no such key")).toBeUndefined();
      expect(await entries(child)).toEqual({ [topic]: "$topic2", [member("bob")]: "$bob" });
      expect(await entries(parent)).toEqual({ [topic]: "$topic", [name]: "$name" });
    }
  });

  test("many states are read at once as each by itself, in the order asked", async () => {
    const first = await derive(0, [
      { key: topic, eventId: "$topic" },
      { key: member("bob"), eventId: "$bob" },
    ]);
    const second = await derive(first, [{ key: topic, eventId: "$topic2" }]);
    const apart = await derive(0, [{ key: name, eventId: "$name" }]);
    const groups = [second, 0, first, apart, second];
    for (const restart of [false, true]) {
      if (restart) await storage().reopen();
      expect(await roomState().values(groups, topic)).toEqual(["$topic2", undefined, "$topic", undefined, "$topic2"]);
      expect(await roomState().values(groups, "no such key")).toEqual(groups.map(() => undefined));
      const each = await Promise.all(groups.map((group) => roomState().map(group)));
      await storage().reopen();
      expect(await roomState().maps(groups)).toEqual(each);
    }
  });

  test("both children of a fork keep their own state", async () => {
    const root = await derive(0, [{ key: topic, eventId: "$topic" }]);
    const left = await derive(root, [{ key: topic, eventId: "$left" }]);
    const right = await derive(root, [{ key: name, eventId: "$right" }]);
    expect(await entries(left)).toEqual({ [topic]: "$left" });
    expect(await entries(right)).toEqual({ [topic]: "$topic", [name]: "$right" });
  });

  test("all entries of one type are found, and no other's", async () => {
    const group = await derive(0, [
      { key: member("alice"), eventId: "$alice" },
      { key: member("bob"), eventId: "$bob" },
      { key: stateMapKey("m.room.member.extra", ""), eventId: "$extra" },
      { key: topic, eventId: "$topic" },
    ]);
    expect(Object.fromEntries(await roomState().ofType(group, "m.room.member"))).toEqual({
      [member("alice")]: "$alice",
      [member("bob")]: "$bob",
    });
  });

  test("changes that change nothing answer a group that is there, and the later of two changes counts", async () => {
    const group = await derive(0, [
      { key: topic, eventId: "$first" },
      { key: topic, eventId: "$second" },
    ]);
    expect(await entries(group)).toEqual({ [topic]: "$second" });
    const same = await storage().write((tx) =>
      tx.roomState.derive(group, [
        { key: topic, eventId: "$second" },
        { key: name, eventId: undefined },
      ]),
    );
    expect(same).toBe(group);
    expect(await derive(group, [])).toBe(group);
    const named = await derive(group, [{ key: name, eventId: "$name" }]);
    const joined = await derive(named, [{ key: member("bob"), eventId: "$bob" }]);
    const undone = await storage().write((tx) =>
      tx.roomState.derive(joined, [{ key: member("bob"), eventId: undefined }]),
    );
    expect(undone).toBe(named);
    expect(await entries(await derive(group, [{ key: topic, eventId: undefined }]))).toEqual({});
  });

  test("a group can be read and built on before its write has ended", async () => {
    const [first, second] = await storage().write(async (tx) => {
      tx.events.append(sampleEvent({ eventId: "$a", position: tx.nextPosition() }));
      const first = await tx.roomState.derive(0, [{ key: topic, eventId: "$a" }]);
      expect(await tx.roomState.get(first, topic)).toBe("$a");
      const overtaking = await derive(first, [{ key: name, eventId: "$b" }]);
      expect(await entries(overtaking)).toEqual({ [topic]: "$a", [name]: "$b" });
      return [first, overtaking];
    });
    await storage().reopen();
    expect(await entries(first!)).toEqual({ [topic]: "$a" });
    expect(await entries(second!)).toEqual({ [topic]: "$a", [name]: "$b" });
  });

  test("keys of a write that failed can be used again", async () => {
    const failing = storage().write(
      async (tx) => {
        tx.events.append(sampleEvent({ eventId: "$a", position: tx.nextPosition() }));
        await tx.roomState.derive(0, [{ key: topic, eventId: "$a" }]);
        tx.rooms.moveHead({ roomId, consumed: ["$a"], added: [], stateGroup: 0 });
      },
      { reruns: 0 },
    );
    await expect(failing).rejects.toThrow(GuardFailed);
    const group = await derive(0, [{ key: topic, eventId: "$a" }]);
    await storage().reopen();
    expect(await entries(group)).toEqual({ [topic]: "$a" });
  });

  test("changes of the current state are listed within both bounds, oldest first", async () => {
    const change = (key: string, eventId: EventId | undefined, previous: EventId | undefined) =>
      storage().write(async (tx) => {
        const position = tx.nextPosition();
        if (eventId !== undefined) tx.events.append(sampleEvent({ eventId, position }));
        tx.roomState.changed(roomId, position, [{ key, eventId, previous }]);
      });
    await change(topic, "$1", undefined);
    await change(topic, "$2", "$1");
    await change(topic, undefined, "$2");
    expect(await roomState().deltas(roomId, 1, 3)).toEqual([
      { position: 2, key: topic, eventId: "$2", previous: "$1" },
      { position: 3, key: topic, eventId: undefined, previous: "$2" },
    ]);
    expect(await roomState().deltas(roomId, 0, 1)).toEqual([
      { position: 1, key: topic, eventId: "$1", previous: undefined },
    ]);
    expect(await roomState().deltas("!other:example.org", 0, 3)).toEqual([]);
  });

  test("every group of a long history holds the state of its time", { timeout: 30_000 }, async () => {
    for (const mix of ["mixed", "distinct"] as const) {
      const milestones = await fillRoom(
        { storage: storage(), random: seededRandom(mix) },
        { roomId, members: 60, changes: 3_000, every: 61, mix },
      );
      await storage().reopen();
      for (const { group, expected } of milestones) expect(await roomState().map(group)).toEqual(expected);
    }
  });
}
