import type { EventId } from "@croft/protocol";
import { TestClock } from "@croft/runtime";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EventContextArgs, readEventContext } from "./event-context.ts";
import { listMessages } from "./list-messages.ts";
import { readRoomEvent } from "./room-event.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";

let opened: TestStorage;
let rooms = 0;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const deps = () => ({ storage: opened.storage, clock: new TestClock() });
const asker = { userId: ALICE, deviceId: "D" } as const;

type Shown = { event_id: string; type: string; state_key?: string; content: { body?: string; topic?: string } };
type Context = {
  start: string;
  end: string;
  event: Shown;
  events_before: Shown[];
  events_after: Shown[];
  state: Shown[];
};

async function roomWith(...texts: string[]) {
  const room = await StoredRoom.create(opened.storage, { creator: ALICE, name: `context${rooms++}` });
  const said = [];
  for (const text of texts) said.push(await room.message(ALICE, text));
  return { room, said };
}

async function context(room: StoredRoom, eventId: EventId, args: Partial<EventContextArgs> = {}): Promise<Context> {
  return JSON.parse(await readEventContext(deps(), { ...asker, roomId: room.roomId, eventId, ...args }));
}

const bodies = (events: readonly Shown[]) => events.map((event) => event.content.body ?? event.type);

describe("the context of an event", () => {
  test("shares the limit between what came before, nearest first, and after", async () => {
    const { room, said } = await roomWith("a", "b", "c", "d", "e");
    const around = await context(room, said[2]!.eventId, { limit: 3 });
    expect(around.event.event_id).toBe(said[2]!.eventId);
    expect(bodies(around.events_before)).toEqual(["b"]);
    expect(bodies(around.events_after)).toEqual(["d", "e"]);
  });

  test("is the event alone with a limit of 0", async () => {
    const { room, said } = await roomWith("a", "b", "c");
    const around = await context(room, said[1]!.eventId, { limit: 0 });
    expect([around.events_before, around.events_after]).toEqual([[], []]);
    expect(bodies([around.event])).toEqual(["b"]);
  });

  test("goes on at both ends with its tokens", async () => {
    const { room, said } = await roomWith("a", "b", "c", "d", "e");
    const { start, end } = await context(room, said[2]!.eventId, { limit: 2 });
    const page = async (from: string, direction: "b" | "f") => {
      const question = { ...asker, roomId: room.roomId, limit: 1, from, direction };
      return bodies(JSON.parse(await listMessages(deps(), question)).chunk);
    };
    expect(await page(start, "b")).toEqual(["a"]);
    expect(await page(end, "f")).toEqual(["e"]);
  });

  test("has the state at the last event shown, not later", async () => {
    const { room, said } = await roomWith("a");
    const topic = (text: string) =>
      room.append({ type: "m.room.topic", sender: ALICE, stateKey: "", content: { topic: text } });
    await topic("shown");
    await topic("later");
    const { state } = await context(room, said[0]!.eventId, { limit: 1 });
    expect(state.find((event) => event.type === "m.room.topic")?.content.topic).toBe("shown");
  });

  test("lazily loaded, its state holds the members who sent what is shown, and no others", async () => {
    const { room, said } = await roomWith("a");
    await room.member(BOB, "join");
    const filter = JSON.stringify({ lazy_load_members: true });
    const members = ({ state }: Context) =>
      state.filter((event) => event.type === "m.room.member").map((event) => event.state_key);
    expect(members(await context(room, said[0]!.eventId, { limit: 0, filter }))).toEqual([ALICE]);
    expect(members(await context(room, said[0]!.eventId))).toEqual([ALICE, BOB]);
  });

  test("filters what stands around the event, never the event", async () => {
    const { room, said } = await roomWith("a", "b");
    const filter = JSON.stringify({ not_types: ["m.room.m*"] });
    const around = await context(room, said[1]!.eventId, { filter });
    expect(bodies([around.event])).toEqual(["b"]);
    expect(bodies(around.events_before)).toEqual(["m.room.create"]);
  });
});

describe("one event", () => {
  test("is given to who may see it", async () => {
    const { room, said } = await roomWith("a");
    const text = await readRoomEvent(deps(), { ...asker, roomId: room.roomId, eventId: said[0]!.eventId });
    expect(JSON.parse(text)).toMatchObject({ room_id: room.roomId, content: { body: "a" } });
  });

  test("is not found by anyone else, in another room, or if there is none", async () => {
    const { room, said } = await roomWith("a");
    const { room: other } = await roomWith();
    await room.historyVisibility(ALICE, "joined");
    const hidden = await room.message(ALICE, "hidden");
    await room.member(BOB, "join");
    const questions = [
      { ...asker, userId: "@eve:test", roomId: room.roomId, eventId: said[0]!.eventId },
      { ...asker, userId: BOB, roomId: room.roomId, eventId: hidden.eventId },
      { ...asker, roomId: other.roomId, eventId: said[0]!.eventId },
      { ...asker, roomId: room.roomId, eventId: "$unknown" },
    ] as const;
    for (const question of questions) {
      await expect(readRoomEvent(deps(), question)).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
      await expect(readEventContext(deps(), question)).rejects.toMatchObject({ errcode: "M_NOT_FOUND" });
    }
  });
});
