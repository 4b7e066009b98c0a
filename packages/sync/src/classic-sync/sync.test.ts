import type { UserId } from "@croft/protocol";
import { roomReadsRoutes } from "@croft/rooms";
import { type SyncedEvent, SyncScene, serveRoutes } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ALICE = "@alice:here";
const BOB = "@bob:here";

let scene: SyncScene;
beforeAll(async () => {
  scene = await SyncScene.open();
});
afterAll(() => scene[Symbol.asyncDispose]());

const bodies = (events: readonly SyncedEvent[] = []) =>
  events.filter(({ type }) => type === "m.room.message").map(({ content }) => content["body"]);
const types = (events: readonly SyncedEvent[] = []) => events.map(({ type }) => type);
const limitedTo = (limit: number) => JSON.stringify({ room: { timeline: { limit } } });

let users = 0;
const newUser = (): UserId => `@user${users++}:here`;

/** A room of a user who is in no other. */
async function ownRoom() {
  const user = newUser();
  return { user, roomId: await scene.room(user, { name: "Own" }) };
}

describe("the timeline", () => {
  test("a first sync shows a room with its newest events, and says that there are more", async () => {
    const { user, roomId } = await ownRoom();
    for (const body of ["one", "two", "three"]) await scene.say(user, roomId, body);
    const room = (await scene.ask(user, { filter: limitedTo(2) })).rooms?.join?.[roomId];
    expect(bodies(room?.timeline.events)).toEqual(["two", "three"]);
    expect(room?.timeline.limited).toBe(true);
  });

  test("a room whose whole history fits is not limited, and its state begins empty", async () => {
    const { user, roomId } = await ownRoom();
    const room = (await scene.ask(user, { filter: limitedTo(50) })).rooms?.join?.[roomId];
    expect(room?.timeline.limited).toBe(false);
    expect(types(room?.timeline.events)[0]).toBe("m.room.create");
    expect(room?.state.events).toEqual([]);
  });

  test("a later sync shows what came since, once", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    await scene.say(user, roomId, "new");
    const next = await scene.ask(user, { since });
    expect(bodies(next.rooms?.join?.[roomId]?.timeline.events)).toEqual(["new"]);
    expect(next.rooms?.join?.[roomId]?.timeline.limited).toBe(false);
    expect((await scene.ask(user, { since: next.next_batch })).rooms).toBeUndefined();
  });

  test("a gap is limited, and prev_batch leads through it to where the last sync stood", async () => {
    const { user, roomId } = await ownRoom();
    await scene.say(user, roomId, "seen");
    const { next_batch: since } = await scene.ask(user);
    for (const body of ["1", "2", "3", "4", "5"]) await scene.say(user, roomId, body);
    const room = (await scene.ask(user, { since, filter: limitedTo(2) })).rooms?.join?.[roomId];
    expect(bodies(room?.timeline.events)).toEqual(["4", "5"]);
    expect(room?.timeline.limited).toBe(true);

    const authenticate = async () => ({ userId: user, deviceId: "D", isAdmin: false, isGuest: false, tokenId: 1 });
    await using server = await serveRoutes(roomReadsRoutes({ ...scene.rooms, typing: scene.typing }), { authenticate });
    const query = `dir=b&from=${room?.timeline.prev_batch}&to=${since}`;
    const { json } = await server.send("GET", `/_matrix/client/v3/rooms/${roomId}/messages?${query}`, { token: "t" });
    expect(bodies((json as { chunk: SyncedEvent[] }).chunk)).toEqual(["3", "2", "1"]);
  });

  test("a filter looks past what it leaves out", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    await scene.say(user, roomId, "wanted");
    for (let index = 0; index < 70; index++) await scene.set(user, roomId, "com.example.noise", { index });
    const filter = JSON.stringify({ room: { timeline: { limit: 5, not_types: ["com.example.*"] } } });
    const room = (await scene.ask(user, { since, filter })).rooms?.join?.[roomId];
    expect(bodies(room?.timeline.events)).toEqual(["wanted"]);
    expect(room?.timeline.limited).toBe(false);
    expect(room?.state.events.map(({ content }) => content)).toEqual([{ index: 69 }]);
  });

  test("a sender's device finds its transaction id, another of the user's does not", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    const sentBy = { deviceId: "MINE", txnId: "txn" };
    await scene.rooms.graph.append(roomId, (room) =>
      room.add({ type: "m.room.message", sender: user, content: {}, sentBy }),
    );
    const ids = await Promise.all(
      ["MINE", "OTHER"].map(async (deviceId) => {
        const reply = await scene.ask(user, { since, deviceId });
        return reply.rooms?.join?.[roomId]?.timeline.events[0]?.unsigned["transaction_id"];
      }),
    );
    expect(ids).toEqual(["txn", undefined]);
  });

  test("event_fields leaves of each event what is asked for", async () => {
    const { user, roomId } = await ownRoom();
    await scene.say(user, roomId, "kept");
    const filter = JSON.stringify({ event_fields: ["content.body", "type"], room: { timeline: { limit: 1 } } });
    const room = (await scene.ask(user, { filter })).rooms?.join?.[roomId];
    expect(room?.timeline.events).toEqual([{ content: { body: "kept" }, type: "m.room.message" }]);
  });

  test("the federation format is the event as it was signed", async () => {
    const { user, roomId } = await ownRoom();
    const filter = JSON.stringify({ event_format: "federation", room: { timeline: { limit: 1 } } });
    const room = (await scene.ask(user, { filter })).rooms?.join?.[roomId];
    expect(room?.timeline.events[0]).toMatchObject({ signatures: {}, hashes: {}, auth_events: expect.any(Array) });
  });
});

describe("state", () => {
  test("stands at the start of the timeline: together they make the current state", async () => {
    const { user, roomId } = await ownRoom();
    await scene.set(user, roomId, "m.room.topic", { topic: "old" });
    await scene.say(user, roomId, "between");
    await scene.set(user, roomId, "m.room.topic", { topic: "new" });
    const room = (await scene.ask(user, { filter: limitedTo(2) })).rooms?.join?.[roomId];
    const topic = room?.state.events.find(({ type }) => type === "m.room.topic");
    expect(topic?.content).toEqual({ topic: "old" });
    expect(room?.state_after).toBeUndefined();
  });

  test("state_after stands at its end, under the name it was asked for by, even when it is empty", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    await scene.set(user, roomId, "m.room.topic", { topic: "new" });
    const stateAfter = "state_after";
    const room = (await scene.ask(user, { since, stateAfter })).rooms?.join?.[roomId];
    expect(types(room?.state_after?.events)).toEqual(["m.room.topic"]);
    expect(room?.state).toBeUndefined();

    const { next_batch: later } = await scene.ask(user, { since });
    await scene.say(user, roomId, "no state");
    const unstable = await scene.ask(user, { since: later, stateAfter: "org.matrix.msc4222.state_after" });
    expect(unstable.rooms?.join?.[roomId]).toMatchObject({ "org.matrix.msc4222.state_after": { events: [] } });
  });

  test("of a gap only what changed is told, in its last value", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    await scene.set(user, roomId, "m.room.topic", { topic: "1" });
    await scene.set(user, roomId, "m.room.topic", { topic: "2" });
    await scene.say(user, roomId, "shown");
    const room = (await scene.ask(user, { since, filter: limitedTo(1) })).rooms?.join?.[roomId];
    expect(room?.state.events.map(({ content }) => content)).toEqual([{ topic: "2" }]);
    expect(room?.state.events[0]?.unsigned).toMatchObject({ prev_content: { topic: "1" } });
  });

  test("full_state tells all of it, of quiet rooms too, with nothing new in the timeline", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    const room = (await scene.ask(user, { since, fullState: true })).rooms?.join?.[roomId];
    expect(types(room?.state.events)).toContain("m.room.create");
    expect(room?.timeline.events).toEqual([]);
  });

  test("a room joined since is told whole, history before the join included", async () => {
    const { user, roomId } = await ownRoom();
    await scene.say(user, roomId, "early");
    const joiner = newUser();
    const { next_batch: since } = await scene.ask(joiner);
    await scene.join(joiner, roomId);
    const room = (await scene.ask(joiner, { since, filter: limitedTo(2) })).rooms?.join?.[roomId];
    expect(types(room?.state.events)).toContain("m.room.create");
    expect(bodies(room?.timeline.events)).toEqual(["early"]);
    expect(room?.timeline.limited).toBe(true);
  });

  test("history from before the join that the joiner may not see is left out", async () => {
    const { user, roomId } = await ownRoom();
    await scene.set(user, roomId, "m.room.history_visibility", { history_visibility: "joined" });
    await scene.say(user, roomId, "hidden");
    const joiner = newUser();
    const { next_batch: since } = await scene.ask(joiner);
    await scene.join(joiner, roomId);
    await scene.say(user, roomId, "visible");
    const room = (await scene.ask(joiner, { since })).rooms?.join?.[roomId];
    expect(bodies(room?.timeline.events)).toEqual(["visible"]);
  });
});

describe("the summary", () => {
  test("names the first members of a room without a name, and counts them", async () => {
    const user = newUser();
    const roomId = await scene.room(user);
    await scene.join(ALICE, roomId);
    await scene.member(user, BOB, roomId, "invite");
    const summary = { "m.heroes": [ALICE, BOB], "m.joined_member_count": 2, "m.invited_member_count": 1 };
    expect((await scene.ask(user)).rooms?.join?.[roomId]?.summary).toEqual(summary);
  });

  test("names nobody where the room has a name, and is left out while no member changes", async () => {
    const { user, roomId } = await ownRoom();
    const first = await scene.ask(user);
    expect(first.rooms?.join?.[roomId]?.summary).toEqual({ "m.joined_member_count": 1, "m.invited_member_count": 0 });
    await scene.say(user, roomId, "hello");
    const next = await scene.ask(user, { since: first.next_batch });
    expect(next.rooms?.join?.[roomId]?.summary).toEqual({});
  });
});

describe("tokens", () => {
  test.each(["nonsense", "s1_1", "t1_1_1", "s2_1_1", "s1_-1_0"])("%s is refused", async (since) => {
    await expect(scene.ask(newUser(), { since })).rejects.toMatchObject({ errcode: "M_INVALID_PARAM", status: 400 });
  });

  test("a token from the future of a restored database begins anew", async () => {
    const { user, roomId } = await ownRoom();
    const reply = await scene.ask(user, { since: "s1_999999999_0" });
    expect(types(reply.rooms?.join?.[roomId]?.timeline.events)).toContain("m.room.create");
  });

  test("a token from before a restart tells what came since, without what memory knew", async () => {
    const { user, roomId } = await ownRoom();
    const { next_batch: since } = await scene.ask(user);
    await scene.say(user, roomId, "before the restart");
    scene.restartSync();
    await scene.say(user, roomId, "after it");
    const room = (await scene.ask(user, { since })).rooms?.join?.[roomId];
    expect(bodies(room?.timeline.events)).toEqual(["before the restart", "after it"]);
  });

  test("an unknown filter, a filter that is no JSON, one with a wrong field are refused", async () => {
    for (const filter of ["unknown", "{", '{"room":{"timeline":{"limit":"ten"}}}']) {
      await expect(scene.ask(newUser(), { filter })).rejects.toMatchObject({ errcode: "M_INVALID_PARAM" });
    }
  });
});

test("key counts stand in every reply", async () => {
  const { next_batch: since, ...first } = await scene.ask(newUser());
  const counts = { device_one_time_keys_count: { signed_curve25519: 0 }, device_unused_fallback_key_types: [] };
  expect(first).toMatchObject(counts);
  expect(await scene.ask(newUser(), { since })).toMatchObject(counts);
});
