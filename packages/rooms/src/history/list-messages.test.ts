import { TestClock } from "@croft/runtime";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ListMessagesArgs, listMessages } from "./list-messages.ts";
import { formatStreamToken } from "./pagination-token.ts";
import { tokenBefore } from "./topological-bounds.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";

let opened: TestStorage;
let rooms = 0;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const newRoom = () => StoredRoom.create(opened.storage, { creator: ALICE, name: `messages${rooms++}` });

type Reply = {
  start: string;
  end?: string;
  chunk: { event_id: string; type: string; content: { body?: string }; state_key?: string }[];
  state?: { type: string; state_key: string }[];
};

async function messages(room: StoredRoom, args: Partial<ListMessagesArgs> = {}): Promise<Reply> {
  const deps = { storage: opened.storage, clock: new TestClock() };
  const { roomId } = room;
  return JSON.parse(await listMessages(deps, { roomId, userId: ALICE, deviceId: "D", direction: "b", ...args }));
}

const bodies = (reply: Reply) => reply.chunk.map((event) => event.content.body ?? event.type);

async function say(room: StoredRoom, ...texts: string[]) {
  for (const text of texts) await room.message(ALICE, text);
}

const onlyMessages = JSON.stringify({ types: ["m.room.message"] });

describe("paging", () => {
  test("backwards from the newest, page by page to the beginning, where end is left out", async () => {
    const room = await newRoom();
    await say(room, "a", "b", "c");
    const first = await messages(room, { limit: 2 });
    const second = await messages(room, { limit: 2, from: first.end });
    const third = await messages(room, { limit: 2, from: second.end });
    expect([first, second, third].map(bodies)).toEqual([["c", "b"], ["a", "m.room.member"], ["m.room.create"]]);
    expect(second.start).toBe(first.end);
    expect(third).not.toHaveProperty("end");
  });

  test("a page that ends at the very beginning has no end", async () => {
    const room = await newRoom();
    const all = await messages(room, { limit: 2 });
    expect(bodies(all)).toEqual(["m.room.member", "m.room.create"]);
    expect(all).not.toHaveProperty("end");
  });

  test("forwards from the first event", async () => {
    const room = await newRoom();
    await say(room, "a");
    const first = await messages(room, { direction: "f", limit: 2 });
    const second = await messages(room, { direction: "f", limit: 2, from: first.end });
    expect([first, second].map(bodies)).toEqual([["m.room.create", "m.room.member"], ["a"]]);
  });

  test("forwards from where a walk backwards ended shows the same events again, turned round", async () => {
    const room = await newRoom();
    await say(room, "a", "b", "c");
    const back = await messages(room, { limit: 2 });
    expect(bodies(await messages(room, { direction: "f", from: back.end }))).toEqual(["b", "c"]);
  });

  test("a sync's token pages backwards from exactly what the sync had", async () => {
    const room = await newRoom();
    await say(room, "a", "b");
    const token = formatStreamToken({ position: opened.storage.position(), typing: 0 });
    await say(room, "c");
    expect(bodies(await messages(room, { from: token, limit: 2 }))).toEqual(["b", "a"]);
    expect(bodies(await messages(room, { from: token, direction: "f" }))).toEqual(["c"]);
  });

  test("the token before a timeline's first event goes on right before it", async () => {
    const room = await newRoom();
    await say(room, "a");
    const b = await room.message(ALICE, "b");
    await say(room, "c");
    expect(bodies(await messages(room, { from: tokenBefore(b), limit: 1 }))).toEqual(["a"]);
  });

  test("the token before a timeline's first event leaves out nothing that came before it, however deep it is", async () => {
    const room = await newRoom();
    await say(room, "a", "b", "c");
    const first = await room.append({ type: "m.room.message", sender: ALICE, content: { body: "late" }, depth: 3 });
    await say(room, "d");
    expect(bodies(await messages(room, { from: tokenBefore(first), limit: 3 }))).toEqual(["c", "b", "a"]);
  });

  test("to ends a walk, in either direction and with either kind of token", async () => {
    const room = await newRoom();
    await say(room, "a", "b");
    const middle = formatStreamToken({ position: opened.storage.position(), typing: 0 });
    await say(room, "c", "d");
    expect(bodies(await messages(room, { to: middle }))).toEqual(["d", "c"]);
    const upToC = (await messages(room, { limit: 1 })).end;
    expect(bodies(await messages(room, { direction: "f", from: middle, to: upToC }))).toEqual(["c"]);
    expect(bodies(await messages(room, { to: upToC }))).toEqual(["d"]);
    expect(bodies(await messages(room, { direction: "f", to: middle, filter: onlyMessages }))).toEqual(["a", "b"]);
  });

  test("a token that is none is refused with M_INVALID_PARAM", async () => {
    const room = await newRoom();
    for (const from of ["", "nonsense", "s1_1", "t1_1_2_3_4", "s2_1_1", "s1_-1_0", "s1_1e3_0"]) {
      await expect(messages(room, { from }), from).rejects.toMatchObject({ errcode: "M_INVALID_PARAM" });
    }
  });
});

describe("what is shown", () => {
  test("someone who left reads up to their leave, from there on backwards", async () => {
    const room = await newRoom();
    await room.member(BOB, "join");
    await say(room, "during");
    await room.member(BOB, "leave");
    await say(room, "after");
    expect(bodies(await messages(room, { userId: BOB, limit: 2 }))).toEqual(["m.room.member", "during"]);
    expect(bodies(await messages(room, { userId: BOB, direction: "f", filter: onlyMessages }))).toEqual(["during"]);
  });

  test("who is not in the room is refused with M_FORBIDDEN", async () => {
    await expect(messages(await newRoom(), { userId: BOB })).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
  });

  test("a filter is applied before the limit", async () => {
    const room = await newRoom();
    await say(room, "a");
    await room.append({ type: "m.reaction", sender: ALICE, content: {} });
    await say(room, "b");
    await room.append({ type: "m.reaction", sender: ALICE, content: {} });
    expect(bodies(await messages(room, { limit: 2, filter: onlyMessages }))).toEqual(["b", "a"]);
  });

  test("a filter that is no filter is refused with M_INVALID_PARAM", async () => {
    const room = await newRoom();
    for (const filter of ["{", "[]", "7", '{"types":"m.room.message"}', '{"types":[1]}', '{"lazy_load_members":1}']) {
      await expect(messages(room, { filter }), filter).rejects.toMatchObject({ errcode: "M_INVALID_PARAM" });
    }
  });

  test("an empty chunk is not the end: far-off events are found page by page", async () => {
    const room = await newRoom();
    await say(room, "far off");
    for (let count = 0; count < 1100; count++) await room.append({ type: "m.noise", sender: ALICE, content: {} });
    const first = await messages(room, { filter: onlyMessages });
    expect(first.chunk).toEqual([]);
    const second = await messages(room, { filter: onlyMessages, from: first.end });
    expect(bodies(second)).toEqual(["far off"]);
    expect(second).not.toHaveProperty("end");
  });

  test("messages of ignored users are left out, their state events stay", async () => {
    const room = await newRoom();
    await room.member(BOB, "join");
    await room.message(BOB, "unheard");
    await opened.storage.write(async (tx) => {
      const key = { userId: ALICE, roomId: undefined, type: "m.ignored_user_list" } as const;
      tx.accountData.set(key, JSON.stringify({ ignored_users: { [BOB]: {} } }));
    });
    const { chunk } = await messages(room);
    await opened.storage.write(async (tx) => {
      tx.accountData.set({ userId: ALICE, roomId: undefined, type: "m.ignored_user_list" }, '{"ignored_users":[]}');
    });
    expect(chunk.map((event) => event.type)).toEqual(["m.room.member", "m.room.member", "m.room.create"]);
    expect(bodies(await messages(room, { limit: 1 }))).toEqual(["unheard"]);
  });

  test("lazily loaded, the members who sent the page come along, and no others", async () => {
    const room = await newRoom();
    await room.member(BOB, "join");
    await room.member("@carol:test", "join");
    await room.message(BOB, "hi");
    const { state } = await messages(room, { limit: 1, filter: JSON.stringify({ lazy_load_members: true }) });
    expect(state?.map((event) => event.state_key)).toEqual([BOB]);
    expect(await messages(room, { limit: 1 })).not.toHaveProperty("state");
  });
});
