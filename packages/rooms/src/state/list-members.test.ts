import type { UserId } from "@croft/protocol";
import { TestClock } from "@croft/runtime";
import { openTestStorage, StoredRoom, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatStreamToken } from "../history/pagination-token.ts";
import { listMembers } from "./list-members.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";
const CAROL = "@carol:test";

let opened: TestStorage;

beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened.close());

const now = () => formatStreamToken({ position: opened.storage.position(), typing: 0 });

async function membersAt({ roomId }: StoredRoom, requester: UserId, at: string): Promise<UserId[]> {
  const deps = { storage: opened.storage, clock: new TestClock() };
  const { chunk } = JSON.parse(await listMembers(deps, { roomId, requester, at }));
  return chunk.map(({ state_key }: { state_key: UserId }) => state_key).toSorted();
}

test("a member is not told who was there when they could not see the room", async () => {
  const room = await StoredRoom.create(opened.storage, { creator: ALICE, name: "joined" });
  await room.historyVisibility(ALICE, "joined");
  await room.member(CAROL, "join");
  const before = now();
  await room.member(CAROL, "leave");
  await room.member(BOB, "join");
  await expect(membersAt(room, BOB, before)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
  expect(await membersAt(room, ALICE, before)).toEqual([ALICE, CAROL]);
  expect(await membersAt(room, BOB, now())).toEqual([ALICE, BOB, CAROL]);
});

test("who looks in from outside is not told who was there before the room was open", async () => {
  const room = await StoredRoom.create(opened.storage, { creator: ALICE, name: "opened" });
  await room.historyVisibility(ALICE, "shared");
  await room.message(ALICE, "among us");
  const before = now();
  await room.historyVisibility(ALICE, "world_readable");
  await expect(membersAt(room, BOB, before)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
  expect(await membersAt(room, BOB, now())).toEqual([ALICE]);
});
