import type { UserId } from "@croft/protocol";
import { type SyncedEvent, SyncScene } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const OWNER = "@owner:here";

let scene: SyncScene;
beforeAll(async () => {
  scene = await SyncScene.open();
});
afterAll(() => scene[Symbol.asyncDispose]());

let users = 0;
const newUser = (): UserId => `@user${users++}:here`;

const bodies = (events: readonly SyncedEvent[] = []) =>
  events.filter(({ type }) => type === "m.room.message").map(({ content }) => content["body"]);
const memberships = (events: readonly SyncedEvent[] = [], userId: UserId) =>
  events.filter(({ state_key }) => state_key === userId).map(({ content }) => content["membership"]);

/** A room of the owner's with a guest in it who has seen everything. */
async function sharedRoom() {
  const guest = newUser();
  const roomId = await scene.room(OWNER);
  await scene.join(guest, roomId);
  return { guest, roomId, since: (await scene.ask(guest)).next_batch };
}

describe("an invite", () => {
  test("comes with stripped state, and again with each first sync until it is answered", async () => {
    const guest = newUser();
    const roomId = await scene.room(OWNER, { name: "Party" });
    const { next_batch: since } = await scene.ask(guest);
    await scene.member(OWNER, guest, roomId, "invite");
    const invited = await scene.ask(guest, { since });
    const state = invited.rooms?.invite?.[roomId]?.invite_state.events;
    expect(state?.find(({ type }) => type === "m.room.name")?.content).toEqual({ name: "Party" });
    expect(memberships(state, guest)).toEqual(["invite"]);
    expect(state?.every((event) => !("event_id" in event))).toBe(true);
    expect((await scene.ask(guest, { since: invited.next_batch })).rooms).toBeUndefined();
    expect(Object.keys((await scene.ask(guest)).rooms?.invite ?? {})).toEqual([roomId]);
  });

  test("from an ignored user is not told", async () => {
    const guest = newUser();
    const roomId = await scene.room(OWNER);
    await scene.accountData(guest, "m.ignored_user_list", { ignored_users: { [OWNER]: {} } });
    await scene.member(OWNER, guest, roomId, "invite");
    expect((await scene.ask(guest)).rooms?.invite?.[roomId]).toBeUndefined();
  });

  test("that is declined ends with the decline, and nothing of the room", async () => {
    const guest = newUser();
    const roomId = await scene.room(OWNER);
    await scene.member(OWNER, guest, roomId, "invite");
    const { next_batch: since } = await scene.ask(guest);
    await scene.leave(guest, roomId);
    const left = (await scene.ask(guest, { since })).rooms?.leave?.[roomId];
    expect(left?.timeline.events).toHaveLength(1);
    expect(memberships(left?.timeline.events, guest)).toEqual(["leave"]);
    expect(left?.state.events).toEqual([]);
  });
});

describe("a room that was left", () => {
  test("is told up to the leave, and not again", async () => {
    const { guest, roomId, since } = await sharedRoom();
    await scene.say(OWNER, roomId, "stay");
    await scene.leave(guest, roomId);
    await scene.say(OWNER, roomId, "gone?");
    const left = await scene.ask(guest, { since });
    expect(bodies(left.rooms?.leave?.[roomId]?.timeline.events)).toEqual(["stay"]);
    expect(memberships(left.rooms?.leave?.[roomId]?.timeline.events, guest)).toEqual(["leave"]);
    expect(left.rooms?.join).toBeUndefined();
    await scene.say(OWNER, roomId, "still gone");
    expect((await scene.ask(guest, { since: left.next_batch })).rooms).toBeUndefined();
  });

  test("keeps the state of then", async () => {
    const { guest, roomId } = await sharedRoom();
    await scene.set(OWNER, roomId, "m.room.topic", { topic: "then" });
    await scene.leave(guest, roomId);
    await scene.set(OWNER, roomId, "m.room.topic", { topic: "now" });
    const filter = JSON.stringify({ room: { include_leave: true, timeline: { limit: 1 } } });
    const left = (await scene.ask(guest, { filter })).rooms?.leave?.[roomId];
    expect(left?.state.events.find(({ type }) => type === "m.room.topic")?.content).toEqual({ topic: "then" });
    const after = (await scene.ask(guest, { filter, stateAfter: "state_after" })).rooms?.leave?.[roomId];
    expect(after?.state_after?.events.find(({ type }) => type === "m.room.topic")?.content).toEqual({ topic: "then" });
    expect(memberships(after?.state_after?.events, guest)).toEqual(["leave"]);
  });

  test("is in a first sync only if the filter includes it, and never once it is forgotten", async () => {
    const { guest, roomId } = await sharedRoom();
    await scene.leave(guest, roomId);
    const filter = JSON.stringify({ room: { include_leave: true } });
    expect((await scene.ask(guest)).rooms?.leave?.[roomId]).toBeUndefined();
    expect((await scene.ask(guest, { filter })).rooms?.leave?.[roomId]).toBeDefined();
    await scene.rooms.storage.write(async (tx) => tx.memberships.forget(roomId, guest));
    expect((await scene.ask(guest, { filter })).rooms?.leave?.[roomId]).toBeUndefined();
  });

  test("by a ban tells the ban", async () => {
    const { guest, roomId, since } = await sharedRoom();
    await scene.member(OWNER, guest, roomId, "ban");
    const left = (await scene.ask(guest, { since })).rooms?.leave?.[roomId];
    expect(memberships(left?.timeline.events, guest)).toEqual(["ban"]);
  });

  test("and then closed by a ban shows the ban and nothing said in between", async () => {
    const { guest, roomId, since } = await sharedRoom();
    await scene.leave(guest, roomId);
    await scene.say(OWNER, roomId, "in between");
    await scene.member(OWNER, guest, roomId, "ban");
    const left = (await scene.ask(guest, { since })).rooms?.leave?.[roomId];
    expect(memberships(left?.timeline.events, guest)).toEqual(["leave", "ban"]);
    expect(bodies(left?.timeline.events)).toEqual([]);
  });

  test("and told as left tells a later ban alone", async () => {
    const { guest, roomId, since } = await sharedRoom();
    await scene.set(OWNER, roomId, "m.room.history_visibility", { history_visibility: "world_readable" });
    await scene.leave(guest, roomId);
    const { next_batch: told } = await scene.ask(guest, { since });
    await scene.say(OWNER, roomId, "later");
    await scene.set(OWNER, roomId, "m.room.topic", { topic: "later" });
    await scene.member(OWNER, guest, roomId, "ban");
    const left = (await scene.ask(guest, { since: told })).rooms?.leave?.[roomId];
    expect(memberships(left?.timeline.events, guest)).toEqual(["ban"]);
    expect(left?.timeline.events).toHaveLength(1);
    expect(left?.state.events).toEqual([]);
  });

  test("and joined between two syncs is told whole as left", async () => {
    const guest = newUser();
    const roomId = await scene.room(OWNER);
    const { next_batch: since } = await scene.ask(guest);
    await scene.join(guest, roomId);
    await scene.leave(guest, roomId);
    const filter = JSON.stringify({ room: { timeline: { limit: 1 } } });
    const reply = await scene.ask(guest, { since, filter });
    expect(reply.rooms?.join).toBeUndefined();
    const left = reply.rooms?.leave?.[roomId];
    expect(memberships(left?.timeline.events, guest)).toEqual(["leave"]);
    expect(left?.state.events.map(({ type }) => type)).toContain("m.room.create");
    expect(memberships(left?.state.events, guest)).toEqual(["join"]);
  });

  test("and joined again is told whole as joined", async () => {
    const { guest, roomId, since } = await sharedRoom();
    await scene.leave(guest, roomId);
    await scene.join(guest, roomId);
    const filter = JSON.stringify({ room: { timeline: { limit: 1 } } });
    const reply = await scene.ask(guest, { since, filter });
    expect(reply.rooms?.leave).toBeUndefined();
    expect(reply.rooms?.join?.[roomId]?.state.events.map(({ type }) => type)).toContain("m.room.create");
  });
});

describe("ignored users", () => {
  test("are not heard in the timeline, but what they set stays", async () => {
    const { guest, roomId, since } = await sharedRoom();
    const { next_batch: owned } = await scene.ask(OWNER);
    await scene.accountData(OWNER, "m.ignored_user_list", { ignored_users: { [guest]: {} } });
    await scene.say(guest, roomId, "unheard");
    await scene.leave(guest, roomId);
    const room = (await scene.ask(OWNER, { since: owned })).rooms?.join?.[roomId];
    expect(bodies(room?.timeline.events)).toEqual([]);
    expect(memberships(room?.timeline.events, guest)).toEqual(["leave"]);
    expect(bodies((await scene.ask(guest, { since })).rooms?.leave?.[roomId]?.timeline.events)).toEqual(["unheard"]);
  });

  test("who alone said something leave the room out of the reply", async () => {
    const { guest, roomId } = await sharedRoom();
    await scene.accountData(OWNER, "m.ignored_user_list", { ignored_users: { [guest]: {} } });
    const { next_batch: since } = await scene.ask(OWNER);
    await scene.say(guest, roomId, "unheard");
    expect((await scene.ask(OWNER, { since })).rooms).toBeUndefined();
  });
});

describe("the room filter", () => {
  test("leaves rooms out of every section", async () => {
    const { guest, roomId } = await sharedRoom();
    const other = await scene.room(OWNER);
    await scene.member(OWNER, guest, other, "invite");
    const filter = JSON.stringify({ room: { not_rooms: [roomId, other] } });
    expect((await scene.ask(guest, { filter })).rooms).toBeUndefined();
  });
});
