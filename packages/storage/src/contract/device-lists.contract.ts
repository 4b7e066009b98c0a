import type { EventId, RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import type { MembershipValue } from "../stores/memberships.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const carol: UserId = "@carol:example.org";
const blue: RoomId = "!blue:example.org";
const red: RoomId = "!red:example.org";

export function deviceListsContract(storage: () => ContractStorage): void {
  let events = 0;
  const lists = () => storage().read.deviceLists;
  const now = () => storage().position();
  const set = async (roomId: RoomId, userId: UserId, membership: MembershipValue, joinedSince?: number) => {
    const eventId: EventId = `$${++events}`;
    await storage().write(async (tx) => {
      const position = tx.nextPosition();
      tx.events.append(sampleEvent({ eventId, roomId, position }));
      tx.memberships.set({
        roomId,
        userId,
        membership,
        eventId,
        position,
        joinedSince: joinedSince ?? (membership === "join" ? position : undefined),
        sender: alice,
        strippedState: undefined,
      });
    });
    return now();
  };
  const change = async (userId: UserId) => {
    await storage().write(async (tx) => tx.deviceLists.setChanged(userId));
    return now();
  };
  const changed = async (after: number, upTo = now()) => (await lists().changed({ userId: alice, after, upTo })).sort();
  const newlyShared = async (after: number, upTo = now()) =>
    (await lists().newlyShared({ userId: alice, after, upTo })).sort();
  const noLongerShared = async (after: number, leftRooms: RoomId[] = []) =>
    (await lists().noLongerShared({ userId: alice, after, upTo: now(), leftRooms })).sort();

  test("a user learns of changes of their own and of those joined to a room with them, within both bounds", async () => {
    await set(blue, alice, "join");
    await set(blue, bob, "join");
    await set(blue, carol, "invite");
    const since = await set(red, carol, "join");
    const first = await change(bob);
    const second = await change(alice);
    const last = await change(carol);
    expect(await changed(since)).toEqual([alice, bob]);
    expect(await changed(since, first)).toEqual([bob]);
    expect(await changed(first, second)).toEqual([alice]);
    expect(await changed(last)).toEqual([]);
    await change(bob);
    expect(await changed(last)).toEqual([bob]);
  });

  test("a signature is a change for its signer alone, and wakes them", async () => {
    const woken: unknown[] = [];
    storage().onCommitted(({ touched }) => woken.push(...touched));
    const since = now();
    await storage().write(async (tx) => tx.deviceLists.setChangedFor(alice, carol));
    expect(woken).toEqual([{ userId: alice }]);
    expect(await changed(since)).toEqual([carol]);
    expect(await lists().changed({ userId: bob, after: since, upTo: now() })).toEqual([]);
    expect(await changed(now())).toEqual([]);
  });

  test("who joins a room of the user, or is in a room that the user joins, is newly shared", async () => {
    await set(blue, alice, "join");
    const since = await set(red, carol, "join");
    const bobJoined = await set(blue, bob, "join");
    expect(await newlyShared(since)).toEqual([bob]);
    await set(red, alice, "join");
    expect(await newlyShared(since)).toEqual([bob, carol]);
    expect(await newlyShared(since, bobJoined)).toEqual([bob]);
    expect(await newlyShared(bobJoined)).toEqual([carol]);
  });

  test("a profile change within a stay is no new stay, even one that came after the bound", async () => {
    await set(blue, alice, "join");
    const joined = await set(blue, bob, "join");
    const renamed = await set(blue, bob, "join", joined);
    expect(await newlyShared(joined - 1, joined)).toEqual([bob]);
    expect(await newlyShared(joined, renamed)).toEqual([]);
  });

  test("who leaves the last room shared is shared no longer, who leaves one of two still is", async () => {
    for (const user of [alice, bob, carol]) await set(blue, user, "join");
    await set(red, alice, "join");
    const since = await set(red, carol, "join");
    await set(blue, bob, "leave");
    await set(blue, carol, "ban");
    expect(await noLongerShared(since)).toEqual([bob]);
    expect(await noLongerShared(now())).toEqual([]);
  });

  test("who is in a room that the user left is shared no longer, unless another room is shared", async () => {
    for (const user of [alice, bob, carol]) await set(blue, user, "join");
    await set(red, alice, "join");
    const since = await set(red, carol, "join");
    await set(blue, alice, "leave");
    expect(await noLongerShared(since, [blue])).toEqual([bob]);
    expect(await noLongerShared(since)).toEqual([]);
    await set(blue, bob, "leave");
    expect(await noLongerShared(since, [blue])).toEqual([bob]);
  });
}
