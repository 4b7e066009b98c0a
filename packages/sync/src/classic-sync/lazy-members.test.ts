import type { UserId } from "@croft/protocol";
import { type SyncedRoom, SyncScene } from "@croft/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ALICE = "@alice:here";
const BOB = "@bob:here";
const CAROL = "@carol:here";
const DAVE = "@dave:here";

const lazy = (more: object = {}, limit = 1) =>
  JSON.stringify({ room: { state: { lazy_load_members: true, ...more }, timeline: { limit } } });

let scene: SyncScene;
let roomId: `!${string}`;
beforeEach(async () => {
  scene = await SyncScene.open();
  roomId = await scene.room(ALICE, { name: "Named" });
  for (const user of [BOB, CAROL, DAVE] as const) await scene.join(user, roomId);
});
afterEach(() => scene[Symbol.asyncDispose]());

/** Whose membership the room's state tells. */
const told = (room: SyncedRoom | undefined) =>
  room?.state.events.flatMap(({ type, state_key }) => (type === "m.room.member" ? [state_key as UserId] : [])).sort();

async function sayAndAsk(sender: UserId, since: string, filter = lazy()) {
  await scene.say(sender, roomId, "hello");
  const reply = await scene.ask(ALICE, { since, filter });
  return { members: told(reply.rooms?.join?.[roomId]), since: reply.next_batch };
}

describe("with lazily loaded members", () => {
  test("a first sync tells the user's own membership and the senders', and all other state", async () => {
    await scene.say(BOB, roomId, "hello");
    const room = (await scene.ask(ALICE, { filter: lazy() })).rooms?.join?.[roomId];
    expect(told(room)).toEqual([ALICE, BOB]);
    expect(room?.state.events.map(({ type }) => type)).toContain("m.room.power_levels");
  });

  test("heroes are told with a room that has no name", async () => {
    const unnamed = await scene.room(ALICE);
    await scene.join(CAROL, unnamed);
    await scene.say(ALICE, unnamed, "hello");
    const room = (await scene.ask(ALICE, { filter: lazy() })).rooms?.join?.[unnamed];
    expect(room?.summary["m.heroes"]).toEqual([CAROL]);
    expect(told(room)).toEqual([ALICE, CAROL]);
  });

  test("a sender is told once, and again to a client that goes back to an older token", async () => {
    const { next_batch: start } = await scene.ask(ALICE, { filter: lazy() });
    const first = await sayAndAsk(BOB, start);
    expect(first.members).toEqual([BOB]);
    const second = await sayAndAsk(BOB, first.since);
    expect(second.members).toEqual([]);
    expect((await sayAndAsk(BOB, start)).members).toEqual([BOB]);
  });

  test("what went out with a reply that never arrived is sent again", async () => {
    const { next_batch: start } = await scene.ask(ALICE, { filter: lazy() });
    expect((await sayAndAsk(BOB, start)).members).toEqual([BOB]);
    expect((await sayAndAsk(BOB, start)).members).toEqual([BOB]);
  });

  test("include_redundant_members tells senders each time", async () => {
    const filter = lazy({ include_redundant_members: true });
    const first = await sayAndAsk(BOB, (await scene.ask(ALICE, { filter })).next_batch, filter);
    expect((await sayAndAsk(BOB, first.since, filter)).members).toEqual([BOB]);
  });

  test("another device of the user is told by itself", async () => {
    const { next_batch: start } = await scene.ask(ALICE, { filter: lazy() });
    const first = await sayAndAsk(BOB, start);
    await scene.say(BOB, roomId, "again");
    const other = await scene.ask(ALICE, { since: first.since, filter: lazy(), deviceId: "OTHER" });
    expect(told(other.rooms?.join?.[roomId])).toEqual([BOB]);
  });

  test("changes of members in a gap are told, though nobody concerned said anything", async () => {
    const first = await sayAndAsk(BOB, (await scene.ask(ALICE, { filter: lazy() })).next_batch);
    await scene.leave(DAVE, roomId);
    await scene.set(BOB, roomId, "m.room.member", { membership: "join", displayname: "Robert" }, BOB);
    await scene.say(CAROL, roomId, "one");
    const next = await sayAndAsk(CAROL, first.since);
    expect(next.members).toEqual([BOB, CAROL, DAVE]);
  });

  test("state_after tells senders' members at the end of the timeline", async () => {
    const { next_batch: since } = await scene.ask(ALICE, { filter: lazy() });
    await scene.say(BOB, roomId, "hello");
    const room = (await scene.ask(ALICE, { since, filter: lazy(), stateAfter: "state_after" })).rooms?.join?.[roomId];
    expect(room?.state_after?.events.map(({ state_key }) => state_key)).toEqual([BOB]);
  });
});

test("without them every member is told", async () => {
  await scene.say(BOB, roomId, "hello");
  const filter = JSON.stringify({ room: { timeline: { limit: 1 } } });
  expect(told((await scene.ask(ALICE, { filter })).rooms?.join?.[roomId])).toEqual([ALICE, BOB, CAROL, DAVE]);
});
