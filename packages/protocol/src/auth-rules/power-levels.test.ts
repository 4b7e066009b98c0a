import { describe, expect, test } from "vitest";
import type { Pdu } from "../events/pdu.ts";
import { SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import { canRedact } from "./can-redact.ts";
import { canSendMessage, canSendState, type PowerLevels, powerLevelsOf } from "./power-levels.ts";
import { ALICE, BOB, CAROL, createEvent, pdu, powerLevels, versionNamed } from "./room-of-one-state.ts";

describe.each(SUPPORTED_ROOM_VERSIONS)("in room version %s", (id) => {
  const version = versionNamed(id);
  const creators = Number(id) >= 12;
  const levelsOf = (content: Pdu["content"] | undefined, create = createEvent(version)): PowerLevels =>
    powerLevelsOf({ version, create, powerLevels: content === undefined ? undefined : powerLevels(content) });

  test("a room without power levels has the defaults", () => {
    const levels = levelsOf(undefined);
    expect(levels.userLevel(ALICE)).toBe(creators ? Number.POSITIVE_INFINITY : 100);
    expect(levels.userLevel(BOB)).toBe(0);
    expect(levels.eventLevel("m.room.message", false)).toBe(0);
    expect(levels.eventLevel("m.room.name", true)).toBe(50);
    expect((["ban", "kick", "invite", "redact"] as const).map(levels.actionLevel)).toEqual([50, 50, 0, 50]);
    expect(levels.notificationLevel("room")).toBe(50);
  });

  test("what the power levels say goes before the defaults", () => {
    const levels = levelsOf({
      users: { [BOB]: 70 },
      users_default: 5,
      events: { "m.room.name": 7 },
      events_default: 1,
      state_default: 2,
      ban: 3,
      notifications: { room: 4 },
    });
    expect(levels.userLevel(BOB)).toBe(70);
    expect(levels.userLevel(CAROL)).toBe(5);
    expect(levels.eventLevel("m.room.name", true)).toBe(7);
    expect(levels.eventLevel("m.room.name", false)).toBe(7);
    expect(levels.eventLevel("m.room.topic", true)).toBe(2);
    expect(levels.eventLevel("m.room.message", false)).toBe(1);
    expect(levels.actionLevel("ban")).toBe(3);
    expect(levels.notificationLevel("room")).toBe(4);
    expect(levels.notificationLevel("constructor")).toBe(50);
  });

  test("the creator of a room with power levels has what they say, and from version 12 infinite power", () => {
    expect(levelsOf({}).userLevel(ALICE)).toBe(creators ? Number.POSITIVE_INFINITY : 0);
    expect(levelsOf({ users: { [ALICE]: 3 } }).userLevel(ALICE)).toBe(creators ? Number.POSITIVE_INFINITY : 3);
  });

  test("the creator is content.creator until version 10 and the sender since", () => {
    const create = createEvent(version, { creator: BOB });
    const levels = levelsOf(undefined, create);
    expect(levels.userLevel(BOB)).toBe(Number(id) <= 10 ? 100 : 0);
    expect(levels.userLevel(ALICE) > 0).toBe(Number(id) > 10);
  });

  test("additional creators count from version 12", () => {
    const levels = levelsOf({}, createEvent(version, { additional_creators: [BOB] }));
    expect(levels.userLevel(BOB)).toBe(creators ? Number.POSITIVE_INFINITY : 0);
  });

  test("strings and floats are read until version 9, and what cannot be read permits nothing", () => {
    const levels = levelsOf({ ban: " 060 ", kick: 20.9, invite: "much", users: { [BOB]: "100" } });
    const lenient = Number(id) < 10;
    expect(levels.actionLevel("ban")).toBe(lenient ? 60 : Number.NaN);
    expect(levels.actionLevel("kick")).toBe(lenient ? 20 : Number.NaN);
    expect(levels.userLevel(BOB)).toBe(lenient ? 100 : Number.NaN);
    expect(levels.userLevel(ALICE) >= levels.actionLevel("invite")).toBe(false);
  });

  test("who may send follows from both levels", () => {
    const levels = levelsOf({ users: { [BOB]: 50 }, events_default: 50 });
    expect(canSendState(levels, BOB, "m.room.name")).toBe(true);
    expect(canSendState(levels, CAROL, "m.room.name")).toBe(false);
    expect(canSendMessage(levels, BOB, "m.room.message")).toBe(true);
    expect(canSendMessage(levels, CAROL, "m.room.message")).toBe(false);
  });

  test("a redaction is applied from version 3 for a sender with the redact level or of the target's server", () => {
    const levels = levelsOf({ users: { [BOB]: 50 } });
    const redacts = (sender: Pdu["sender"], target: Pdu["sender"]): boolean =>
      canRedact({
        version,
        levels,
        redaction: pdu({ type: "m.room.redaction", sender }),
        target: pdu({ type: "m.room.message", sender: target }),
      });
    expect(redacts(BOB, ALICE)).toBe(true);
    expect(redacts(CAROL, "@dan:c.example")).toBe(true);
    // In versions 1 and 2 the auth rules have judged it.
    expect(redacts(CAROL, BOB)).toBe(Number(id) < 3);
  });
});
