import { TestClock } from "@croft/runtime";
import { openTestStorage, StoredRoom } from "@croft/testkit";
import { expect, test } from "vitest";
import { setTyping } from "./set-typing.ts";
import { TypingUsers, typingEvent } from "./typing-users.ts";

const ROOM = "!room:test";
const ALICE = "@alice:test";
const BOB = "@bob:test";

test("someone types until their time is over", () => {
  const clock = new TestClock();
  const typing = new TypingUsers({ clock });
  typing.start(ROOM, ALICE, 5000);
  clock.advance(4999);
  expect(typing.typing(ROOM)).toEqual([ALICE]);
  clock.advance(1);
  expect(typing.typing(ROOM)).toEqual([]);
});

test("saying it again prolongs it without being a change", () => {
  const clock = new TestClock();
  const typing = new TypingUsers({ clock });
  typing.start(ROOM, ALICE, 5000);
  const { serial } = typing;
  clock.advance(4000);
  typing.start(ROOM, ALICE, 5000);
  clock.advance(4000);
  expect(typing.typing(ROOM)).toEqual([ALICE]);
  expect(typing.changedSince(serial)).toEqual([]);
});

test("each beginning and end is a change, told to listeners and found by serial", () => {
  const clock = new TestClock();
  const typing = new TypingUsers({ clock });
  const heard: string[] = [];
  const stopListening = typing.onChanged((roomId) => heard.push(roomId));
  const start = typing.serial;
  typing.start(ROOM, ALICE, 5000);
  typing.start("!other:test", BOB, 9000);
  const middle = typing.serial;
  typing.stop(ROOM, ALICE);
  typing.stop(ROOM, ALICE);
  expect(typing.changedSince(start)).toEqual(["!other:test", ROOM]);
  expect(typing.changedSince(middle)).toEqual([ROOM]);
  clock.advance(9000);
  stopListening();
  typing.start(ROOM, BOB, 1);
  expect(heard).toEqual([ROOM, "!other:test", ROOM, "!other:test"]);
});

test("a serial from before a restart is older than any change after it", () => {
  const clock = new TestClock();
  const before = new TypingUsers({ clock });
  for (let count = 0; count < 5; count++) {
    before.start(ROOM, ALICE, 100);
    before.stop(ROOM, ALICE);
  }
  clock.advance(2000);
  const after = new TypingUsers({ clock });
  after.start(ROOM, ALICE, 100);
  expect(after.changedSince(before.serial)).toEqual([ROOM]);
});

test("nobody types for longer than two minutes without saying so again", () => {
  const clock = new TestClock();
  const typing = new TypingUsers({ clock });
  typing.start(ROOM, ALICE, 10 ** 12);
  clock.advance(120_000);
  expect(typing.typing(ROOM)).toEqual([]);
});

test("rooms that fell silent are forgotten in the end, rooms where someone types are not", () => {
  const typing = new TypingUsers({ clock: new TestClock() });
  const start = typing.serial;
  typing.start(ROOM, ALICE, 100_000);
  for (let count = 0; count < 3000; count++) {
    typing.start(`!quiet${count}:test`, BOB, 1000);
    typing.stop(`!quiet${count}:test`, BOB);
  }
  const remembered = typing.changedSince(start);
  expect(remembered.length).toBeLessThan(1100);
  expect(remembered).toContain(ROOM);
  expect(remembered).toContain("!quiet2999:test");
});

test("the event names who types", () => {
  expect(JSON.parse(typingEvent([ALICE]))).toEqual({ type: "m.typing", content: { user_ids: [ALICE] } });
});

test("members say of themselves that they type; nobody else may", async () => {
  const opened = await openTestStorage();
  const typing = new TypingUsers({ clock: new TestClock() });
  const deps = { storage: opened.storage, typing };
  const { roomId } = await StoredRoom.create(opened.storage, { creator: ALICE, name: "typing" });
  await setTyping(deps, { requester: ALICE, userId: ALICE, roomId, isTyping: true });
  expect(typing.typing(roomId)).toEqual([ALICE]);
  await setTyping(deps, { requester: ALICE, userId: ALICE, roomId, isTyping: false });
  expect(typing.typing(roomId)).toEqual([]);
  const refused = { errcode: "M_FORBIDDEN" };
  const outsider = setTyping(deps, { requester: BOB, userId: BOB, roomId, isTyping: true });
  await expect(outsider).rejects.toMatchObject(refused);
  const forAnother = setTyping(deps, { requester: BOB, userId: ALICE, roomId, isTyping: true });
  await expect(forAnother).rejects.toMatchObject(refused);
  expect(typing.typing(roomId)).toEqual([]);
  await opened.close();
});
