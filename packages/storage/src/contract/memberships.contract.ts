import type { EventId, RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { MembershipValue } from "../stores/memberships.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const carol: UserId = "@carol:example.org";
const blue: RoomId = "!blue:example.org";
const red: RoomId = "!red:example.org";

export function membershipsContract(storage: () => ContractStorage): void {
  let events = 0;
  const memberships = () => storage().read.memberships;
  /** Answers the position of the change. */
  const set = async (
    roomId: RoomId,
    userId: UserId,
    membership: MembershipValue,
    given: { joinedSince?: number; strippedState?: string } = {},
  ): Promise<number> => {
    const eventId: EventId = `$${++events}`;
    const position = await storage().write(async (tx) => {
      const position = tx.nextPosition();
      tx.events.append(sampleEvent({ eventId, roomId, position }));
      tx.memberships.set({
        roomId,
        userId,
        membership,
        eventId,
        position,
        joinedSince: given.joinedSince ?? (membership === "join" ? position : undefined),
        sender: alice,
        strippedState: given.strippedState,
      });
      return position;
    });
    return position.value;
  };

  test("a membership is read as it was set", async () => {
    const position = await set(blue, bob, "invite", { strippedState: "[]" });
    expect(await memberships().get(blue, bob)).toEqual({
      roomId: blue,
      userId: bob,
      membership: "invite",
      eventId: `$${events}`,
      position,
      joinedSince: undefined,
      sender: alice,
      forgotten: false,
      strippedState: "[]",
    });
    expect(await memberships().get(red, bob)).toBeUndefined();
  });

  test("a later membership takes the place of the earlier one, and a stay keeps its beginning", async () => {
    await set(blue, bob, "invite", { strippedState: "[]" });
    const joined = await set(blue, bob, "join");
    const renamed = await set(blue, bob, "join", { joinedSince: joined });
    expect(await memberships().get(blue, bob)).toMatchObject({
      membership: "join",
      position: renamed,
      joinedSince: joined,
      strippedState: undefined,
    });
    await set(blue, bob, "leave");
    expect(await memberships().get(blue, bob)).toMatchObject({ membership: "leave", joinedSince: undefined });
  });

  test("a user's rooms and a room's members are found by membership", async () => {
    await set(blue, alice, "join");
    await set(blue, bob, "invite");
    await set(blue, carol, "ban");
    await set(red, alice, "knock");
    const rooms = async (...of: MembershipValue[]) =>
      (await memberships().ofUser(alice, of)).map(({ roomId }) => roomId).sort();
    const users = async (...of: MembershipValue[]) =>
      (await memberships().ofRoom(blue, of)).map(({ userId }) => userId).sort();
    expect(await rooms("join")).toEqual([blue]);
    expect(await rooms("join", "knock")).toEqual([blue, red]);
    expect(await rooms("leave")).toEqual([]);
    expect(await users("join", "invite")).toEqual([alice, bob]);
    expect(await users("ban")).toEqual([carol]);
  });

  test("only the joined and the invited are counted", async () => {
    await set(blue, alice, "join");
    await set(blue, bob, "invite");
    await set(blue, carol, "leave");
    await set(red, carol, "join");
    expect(await memberships().counts(blue)).toEqual({ joined: 1, invited: 1 });
    expect(await memberships().counts("!nowhere:example.org")).toEqual({ joined: 0, invited: 0 });
    expect(await memberships().countsOf([blue, red, "!nowhere:example.org"])).toEqual(
      new Map([
        [blue, { joined: 1, invited: 1 }],
        [red, { joined: 1, invited: 0 }],
      ]),
    );
    expect(await memberships().countsOf([])).toEqual(new Map());
  });

  test("a room's first members are those whose membership changed longest ago", async () => {
    await set(blue, carol, "join");
    await set(blue, alice, "join");
    await set(blue, bob, "invite");
    await set(red, bob, "join");
    const first = (values: readonly MembershipValue[], limit: number) =>
      memberships().first({ roomId: blue, memberships: values, except: alice, limit });
    expect(await first(["join", "invite"], 5)).toEqual([carol, bob]);
    expect(await first(["join", "invite"], 1)).toEqual([carol]);
    expect(await first(["leave"], 5)).toEqual([]);
  });

  test("a forgotten room is no longer among a user's rooms until their membership changes", async () => {
    await set(blue, bob, "leave");
    await storage().write(async (tx) => tx.memberships.forget(blue, bob));
    expect(await memberships().ofUser(bob, ["leave"])).toEqual([]);
    expect(await memberships().get(blue, bob)).toMatchObject({ forgotten: true });
    await set(blue, bob, "invite");
    expect(await memberships().ofUser(bob, ["leave", "invite"])).toMatchObject([{ roomId: blue, forgotten: false }]);
  });

  test("a room the user is in, or is asked into, is not forgotten", async () => {
    for (const membership of ["join", "invite", "knock"] as const) {
      await set(blue, bob, membership);
      const forget = storage().write(async (tx) => tx.memberships.forget(blue, bob), { reruns: 0 });
      await expect(forget).rejects.toThrow(GuardFailed);
    }
  });

  test("changes since a position are the last one of each room, within both bounds", async () => {
    const first = await set(blue, bob, "invite");
    const second = await set(red, bob, "join");
    const third = await set(blue, bob, "join");
    await set(blue, carol, "join");
    const changes = async (after: number, upTo: number) =>
      (await memberships().changedSince(bob, after, upTo)).map(({ roomId, membership }) => [roomId, membership]);
    expect(await changes(first - 1, third)).toEqual([
      [red, "join"],
      [blue, "join"],
    ]);
    expect(await changes(second, third)).toEqual([[blue, "join"]]);
    expect(await changes(first, second)).toEqual([[red, "join"]]);
    expect(await changes(third, third + 10)).toEqual([]);
  });

  test("users share a room only while both are joined to it", async () => {
    await set(blue, alice, "join");
    await set(blue, bob, "join");
    await set(red, alice, "join");
    await set(red, bob, "join");
    await set(red, carol, "invite");
    expect(await memberships().shareRoom(alice, bob)).toBe(true);
    expect(await memberships().shareRoom(alice, carol)).toBe(false);
    expect(await memberships().usersSharingRoom(alice)).toEqual([bob]);
    expect(await memberships().usersSharingRoom(carol)).toEqual([]);
    await set(red, bob, "leave");
    await set(blue, bob, "leave");
    expect(await memberships().shareRoom(alice, bob)).toBe(false);
    expect(await memberships().usersSharingRoom(alice)).toEqual([]);
  });
}
