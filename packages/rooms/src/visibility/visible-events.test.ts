import type { UserId } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roomAccess } from "./room-access.ts";
import { StateAtEvents } from "./state-at-events.ts";
import { visibleEvents } from "./visible-events.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";
const EVE = "@eve:test";

let opened: TestStorage;
let rooms = 0;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const newRoom = () => StoredRoom.create(opened.storage, { creator: ALICE, name: `visibility${rooms++}` });

/** Of these events, the ones the user is shown; "refused" when they may not look at all. */
async function shown(room: StoredRoom, userId: UserId, events: readonly StoredEvent[]) {
  const { storage } = opened;
  const access = await roomAccess({ storage }, { roomId: room.roomId, userId }).catch(() => undefined);
  if (access === undefined) return "refused";
  return await visibleEvents({ stateAt: new StateAtEvents(storage.read) }, { events, reader: access });
}

describe("history visibility is judged with the state at the event", () => {
  test("shared: a member who joined later sees what came before", async () => {
    const room = await newRoom();
    await room.historyVisibility(ALICE, "shared");
    const early = await room.message(ALICE, "early");
    await room.member(BOB, "join");
    expect(await shown(room, BOB, [early])).toEqual([early]);
  });

  test("no visibility event, or one that is not understood, means shared", async () => {
    const room = await newRoom();
    const unset = await room.message(ALICE, "unset");
    await room.historyVisibility(ALICE, "nonsense");
    const nonsense = await room.message(ALICE, "nonsense");
    await room.member(BOB, "join");
    expect(await shown(room, BOB, [unset, nonsense])).toEqual([unset, nonsense]);
  });

  test("joined: nothing from before the join, even if the setting is opened later", async () => {
    const room = await newRoom();
    await room.historyVisibility(ALICE, "joined");
    const early = await room.message(ALICE, "early");
    const join = await room.member(BOB, "join");
    await room.historyVisibility(ALICE, "shared");
    const late = await room.message(ALICE, "late");
    expect(await shown(room, BOB, [early, join, late])).toEqual([join, late]);
  });

  test("invited: seen from the invite on once joined, not from before it", async () => {
    const room = await newRoom();
    await room.historyVisibility(ALICE, "invited");
    const before = await room.message(ALICE, "before");
    const invite = await room.member(BOB, "invite", ALICE);
    const between = await room.message(ALICE, "between");
    await room.member(BOB, "join");
    expect(await shown(room, BOB, [before, invite, between])).toEqual([invite, between]);
  });

  test("world_readable: anyone may look, at what was sent while it was set", async () => {
    const room = await newRoom();
    const closed = await room.message(ALICE, "closed");
    const opening = await room.historyVisibility(ALICE, "world_readable");
    const open = await room.message(ALICE, "open");
    expect(await shown(room, EVE, [closed, opening, open])).toEqual([opening, open]);
  });

  test("a visibility event is seen if the setting before or after it allows it", async () => {
    const room = await newRoom();
    await room.historyVisibility(ALICE, "world_readable");
    const closing = await room.historyVisibility(ALICE, "joined");
    const hidden = await room.message(ALICE, "hidden");
    await room.member(BOB, "join");
    expect(await shown(room, BOB, [closing, hidden])).toEqual([closing]);
  });
});

describe("who left", () => {
  test("keeps what they could see, their own leave included, and gets nothing later", async () => {
    const room = await newRoom();
    const early = await room.message(ALICE, "early");
    await room.member(BOB, "join");
    const during = await room.message(ALICE, "during");
    const leave = await room.member(BOB, "leave");
    const after = await room.message(ALICE, "after");
    expect(await shown(room, BOB, [early, during, leave, after])).toEqual([early, during, leave]);
  });

  test("keeps it through a later ban, unban and declined invite, which show nothing new", async () => {
    const room = await newRoom();
    await room.member(BOB, "join");
    const during = await room.message(ALICE, "during");
    await room.member(BOB, "leave");
    await room.member(BOB, "ban", ALICE);
    await room.member(BOB, "leave", ALICE);
    await room.member(BOB, "invite", ALICE);
    const whileInvited = await room.message(ALICE, "while invited");
    await room.member(BOB, "leave");
    expect(await shown(room, BOB, [during, whileInvited])).toEqual([during]);
  });

  test("loses it by forgetting the room", async () => {
    const room = await newRoom();
    await room.member(BOB, "join");
    const during = await room.message(ALICE, "during");
    await room.member(BOB, "leave");
    await opened.storage.write(async (tx) => tx.memberships.forget(room.roomId, BOB));
    expect(await shown(room, BOB, [during])).toBe("refused");
  });
});

test("who never joined may not look, invited or not, nor may anyone into an unknown room", async () => {
  const room = await newRoom();
  const said = await room.message(ALICE, "said");
  await room.member(BOB, "invite", ALICE);
  expect(await shown(room, BOB, [said])).toBe("refused");
  expect(await shown(room, EVE, [said])).toBe("refused");
  await expect(
    roomAccess({ storage: opened.storage }, { roomId: "!unknown:test", userId: ALICE }),
  ).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
});

test("soft-failed and rejected events are shown to nobody", async () => {
  const room = await newRoom();
  await room.historyVisibility(ALICE, "world_readable");
  const hidden = await Promise.all([
    room.append({ type: "m.room.message", sender: ALICE, content: {}, status: "softFailed" }),
    room.append({ type: "m.room.message", sender: ALICE, content: {}, status: "rejected" }),
  ]);
  expect(await shown(room, ALICE, hidden)).toEqual([]);
});
