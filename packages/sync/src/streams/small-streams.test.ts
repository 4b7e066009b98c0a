import { SyncScene } from "@croft/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ALICE = "@alice:here";
const BOB = "@bob:here";
const CAROL = "@carol:here";

let scene: SyncScene;
let roomId: `!${string}`;
beforeEach(async () => {
  scene = await SyncScene.open();
  roomId = await scene.room(ALICE);
  await scene.join(BOB, roomId);
});
afterEach(() => scene[Symbol.asyncDispose]());

describe("receipts", () => {
  test("of others are told, private ones only to their user", async () => {
    const eventId = await scene.say(ALICE, roomId, "read me");
    const [alice, bob] = [await scene.ask(ALICE), await scene.ask(BOB)];
    await scene.read(BOB, roomId, eventId);
    await scene.read(BOB, roomId, eventId, "m.read.private");
    const now = scene.rooms.clock.now();
    const told = (reply: typeof alice) =>
      reply.rooms?.join?.[roomId]?.ephemeral.events.map(({ content }) => content[eventId]);
    expect(told(await scene.ask(ALICE, { since: alice.next_batch }))).toEqual([{ "m.read": { [BOB]: { ts: now } } }]);
    expect(told(await scene.ask(BOB, { since: bob.next_batch }))).toEqual([
      { "m.read": { [BOB]: { ts: now } }, "m.read.private": { [BOB]: { ts: now } } },
    ]);
  });

  test("all there are come with a room that is new to the client", async () => {
    const eventId = await scene.say(ALICE, roomId, "read me");
    await scene.read(BOB, roomId, eventId);
    const { next_batch: since } = await scene.ask(CAROL);
    await scene.join(CAROL, roomId);
    const ephemeral = (await scene.ask(CAROL, { since })).rooms?.join?.[roomId]?.ephemeral.events;
    expect(ephemeral?.map(({ type }) => type)).toEqual(["m.receipt"]);
  });

  test("a private receipt alone tells the room's new counts, even past a filter without receipts", async () => {
    const eventId = await scene.say(BOB, roomId, "read me");
    const filter = JSON.stringify({ room: { ephemeral: { not_types: ["*"] } } });
    const { next_batch: since } = await scene.ask(ALICE, { filter });
    await scene.read(ALICE, roomId, eventId, "m.read.private");
    const room = (await scene.ask(ALICE, { since, filter })).rooms?.join?.[roomId];
    expect(room?.ephemeral.events).toEqual([]);
    expect(room?.unread_notifications).toEqual({ highlight_count: 0, notification_count: 0 });
  });
});

describe("typing", () => {
  const typists = async (since: string) => {
    const reply = await scene.ask(ALICE, { since });
    const events = reply.rooms?.join?.[roomId]?.ephemeral.events;
    return { users: events?.map(({ content }) => content["user_ids"]), next: reply.next_batch };
  };

  test("is told when it begins and when it ends", async () => {
    const { next_batch: since } = await scene.ask(ALICE);
    scene.typing.start(roomId, BOB, 10_000);
    const begun = await typists(since);
    expect(begun.users).toEqual([[BOB]]);
    expect((await typists(begun.next)).users).toBeUndefined();
    scene.rooms.clock.advance(10_000);
    expect((await typists(begun.next)).users).toEqual([[]]);
  });

  test("is told with a first sync where somebody types", async () => {
    scene.typing.start(roomId, BOB, 10_000);
    const events = (await scene.ask(ALICE)).rooms?.join?.[roomId]?.ephemeral.events;
    expect(events?.map(({ content }) => content["user_ids"])).toEqual([[BOB]]);
  });

  test("in a room the user is not in is not told", async () => {
    const { next_batch: since } = await scene.ask(CAROL);
    scene.typing.start(roomId, BOB, 10_000);
    expect((await scene.ask(CAROL, { since })).rooms).toBeUndefined();
  });
});

describe("account data", () => {
  test("global and of a room is told when it changes", async () => {
    const { next_batch: since } = await scene.ask(ALICE);
    await scene.accountData(ALICE, "com.example.global", { value: 1 });
    await scene.accountData(ALICE, "m.tag", { tags: {} }, roomId);
    const reply = await scene.ask(ALICE, { since });
    expect(reply.account_data?.events).toEqual([{ type: "com.example.global", content: { value: 1 } }]);
    expect(reply.rooms?.join?.[roomId]?.account_data.events).toEqual([{ type: "m.tag", content: { tags: {} } }]);
    expect(reply.rooms?.join?.[roomId]?.timeline.events).toEqual([]);
  });

  test("of a room that is new to the client comes with it, however old", async () => {
    await scene.accountData(CAROL, "m.tag", { tags: { old: {} } }, roomId);
    const { next_batch: since } = await scene.ask(CAROL);
    await scene.join(CAROL, roomId);
    const room = (await scene.ask(CAROL, { since })).rooms?.join?.[roomId];
    expect(room?.account_data.events).toEqual([{ type: "m.tag", content: { tags: { old: {} } } }]);
  });

  test("a first sync tells the push rules of a user who never set any", async () => {
    const reply = await scene.ask(ALICE);
    expect(reply.account_data?.events.map(({ type }) => type)).toEqual(["m.push_rules"]);
    expect((await scene.ask(ALICE, { since: reply.next_batch })).account_data).toBeUndefined();
  });

  test("is filtered by type", async () => {
    await scene.accountData(ALICE, "com.example.global", {});
    const filter = JSON.stringify({ account_data: { not_types: ["*"] } });
    expect((await scene.ask(ALICE, { filter })).account_data).toBeUndefined();
  });
});

describe("device lists", () => {
  test("tell who changed keys, who came into a room with the user, and who is in none any more", async () => {
    const { next_batch: since } = await scene.ask(ALICE);
    await scene.rooms.storage.write(async (tx) => tx.deviceLists.setChanged(BOB));
    await scene.join(CAROL, roomId);
    const came = await scene.ask(ALICE, { since });
    expect(came.device_lists?.changed.toSorted()).toEqual([BOB, CAROL]);
    expect(came.device_lists?.left).toEqual([]);
    await scene.leave(BOB, roomId);
    const went = await scene.ask(ALICE, { since: came.next_batch });
    expect(went.device_lists).toEqual({ changed: [], left: [BOB] });
  });

  test("who declines an invite does not learn who is in the room", async () => {
    await scene.member(ALICE, CAROL, roomId, "invite");
    const { next_batch: since } = await scene.ask(CAROL);
    await scene.leave(CAROL, roomId);
    expect((await scene.ask(CAROL, { since })).device_lists).toBeUndefined();
  });

  test("a first sync has none: there is nothing the client could have missed", async () => {
    await scene.rooms.storage.write(async (tx) => tx.deviceLists.setChanged(BOB));
    expect((await scene.ask(ALICE)).device_lists).toBeUndefined();
  });
});
