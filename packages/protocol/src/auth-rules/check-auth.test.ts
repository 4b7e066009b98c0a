import { describe, expect, test } from "vitest";
import type { Pdu } from "../events/pdu.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import { checkAuth } from "./check-auth.ts";
import {
  ALICE,
  BOB,
  CAROL,
  createEvent,
  judge,
  member,
  pdu,
  powerLevels,
  ruleOf,
  stateOf,
  versionNamed,
} from "./room-of-one-state.ts";

/** The number of a rule that stands in versions 1 to 5 and 12 at `place`, and one earlier in between. */
const numbered = (id: string, place: number): string => String(Number(id) >= 6 && Number(id) <= 11 ? place - 1 : place);

describe.each(SUPPORTED_ROOM_VERSIONS)("in room version %s", (id) => {
  const version = versionNamed(id);
  const number = Number(id);
  const verdict = (event: Pdu, state: readonly Pdu[] = []): string => ruleOf(judge(version, event, state));
  const message = (sender = ALICE): Pdu => pdu({ type: "m.room.message", sender });

  test("a create event has no predecessors and a version that is recognised", () => {
    const create = createEvent(version);
    expect(verdict(create)).toBe("allowed");
    expect(verdict({ ...create, prev_events: ["$a"] })).toBe("1.1");
    expect(verdict(createEvent(version, { room_version: id }))).toBe("allowed");
    expect(verdict(createEvent(version, { room_version: "99" }))).toBe("1.3");
    expect(verdict(createEvent(version, { room_version: number }))).toBe("1.3");
  });

  test("a create event's room id is of its sender's server, or from version 12 not there", () => {
    const create = createEvent(version);
    expect(verdict({ ...create, room_id: "!create:elsewhere.example" })).toBe("1.2");
    expect(verdict({ ...create, room_id: "!create:a.example" })).toBe(number >= 12 ? "1.2" : "allowed");
  });

  test("a create event names its creator until version 10", () => {
    const create = { ...createEvent(version), content: {} };
    expect(verdict(create)).toBe(number <= 10 ? "1.4" : "allowed");
  });

  test.each<[JsonValue, boolean]>([
    [[], true],
    [[BOB, CAROL], true],
    ["@bob:b.example", false],
    [[BOB, "carol"], false],
    [[BOB, 1], false],
    [{}, false],
    [null, false],
  ])("additional_creators %j is checked from version 12", (additional_creators, valid) => {
    const expected = valid || number < 12 ? "allowed" : "1.4";
    expect(verdict(createEvent(version, { additional_creators }))).toBe(expected);
  });

  test("an event belongs to a room that has a create event", () => {
    const question = {
      version,
      event: message(),
      createEventId: undefined,
      authState: stateOf([member(ALICE, "join")]),
      signatures: { signedByServer: () => true, signedByKey: () => true },
    };
    expect(ruleOf(checkAuth(question))).toBe(number >= 12 ? "2" : "2.4");
  });

  if (number >= 12)
    test("the room id is the id of the create event", () => {
      expect(verdict(message())).toBe("allowed");
      expect(verdict({ ...message(), room_id: "!other" })).toBe("2");
    });

  test("a room that is not federated admits users of the creator's server only", () => {
    const state = [
      createEvent(version, { "m.federate": false }),
      member(BOB, "join"),
      member("@dan:a.example", "join"),
    ];
    expect(verdict(message(BOB), state)).toBe(number >= 12 ? "4" : "3");
    expect(verdict(message("@dan:a.example"), state)).toBe("allowed");
    const federated = [createEvent(version, { "m.federate": "no" }), member(BOB, "join")];
    expect(verdict(message(BOB), federated)).toBe("allowed");
  });

  test("aliases are each server's own until version 5, and need neither membership nor power", () => {
    const aliases = (state_key: string): Pdu => pdu({ type: "m.room.aliases", sender: BOB, state_key });
    const sender = numbered(id, 6);
    expect(verdict(aliases("b.example"))).toBe(number <= 5 ? "allowed" : sender);
    expect(verdict(aliases("a.example"))).toBe(number <= 5 ? "4.2" : sender);
    expect(verdict(pdu({ type: "m.room.aliases", sender: BOB }))).toBe(number <= 5 ? "4.1" : sender);
  });

  test.each([["leave"], ["invite"], ["ban"], ["knock"]])("with the membership %s one sends nothing", (membership) => {
    expect(verdict(message(BOB))).toBe(numbered(id, 6));
    expect(verdict(message(BOB), [member(BOB, membership)])).toBe(numbered(id, 6));
    expect(verdict(message(BOB), [member(BOB, "join")])).toBe("allowed");
  });

  test("an invite to an address takes the invite level and no other", () => {
    const invitation = pdu({ type: "m.room.third_party_invite", sender: BOB, state_key: "token" });
    expect(verdict(invitation, [member(BOB, "join")])).toBe("allowed");
    expect(verdict(invitation, [member(BOB, "join"), powerLevels({ invite: 1 })])).toBe(`${numbered(id, 7)}.1`);
  });

  test.each<[string, JsonObject, string, string | undefined, boolean]>([
    ["a message takes events_default, 0", {}, "m.room.message", undefined, true],
    ["events_default may be higher", { events_default: 1 }, "m.room.message", undefined, false],
    ["state takes state_default, 50", {}, "m.room.topic", "", false],
    ["state_default may be lower", { state_default: 0 }, "m.room.topic", "", true],
    ["events names a type's own level", { events: { "m.room.topic": 0 } }, "m.room.topic", "", true],
    ["a user's own level counts", { users: { [BOB]: 50 } }, "m.room.topic", "", true],
    ["users_default counts", { users_default: 50 }, "m.room.topic", "", true],
    ["a type named like a property of objects has the default", {}, "toString", undefined, true],
  ])("%s", (_title, content, type, state_key, allowed) => {
    const event = pdu({ type, sender: BOB, ...(state_key === undefined ? {} : { state_key }) });
    const expected = allowed ? "allowed" : numbered(id, 8);
    expect(verdict(event, [member(BOB, "join"), powerLevels(content)])).toBe(expected);
  });

  test("without power levels the creator sends state and others do not", () => {
    expect(verdict(pdu({ type: "m.room.topic", state_key: "" }))).toBe("allowed");
    expect(verdict(pdu({ type: "m.room.topic", state_key: "", sender: BOB }), [member(BOB, "join")])).toBe(
      numbered(id, 8),
    );
  });

  test("with power levels that do not name the creator, only version 12's still has power", () => {
    const topic = pdu({ type: "m.room.topic", state_key: "" });
    expect(verdict(topic, [powerLevels({})])).toBe(number >= 12 ? "allowed" : numbered(id, 8));
  });

  test("a state key that is a user id is that user's", () => {
    expect(verdict(pdu({ type: "x", state_key: BOB }))).toBe(numbered(id, 9));
    expect(verdict(pdu({ type: "x", state_key: ALICE }))).toBe("allowed");
    expect(verdict(pdu({ type: "x", state_key: `_${BOB}` }))).toBe("allowed");
  });

  test("a redaction needs the redact level or the event's own server in versions 1 and 2, nothing since", () => {
    const redaction = (redacts: `$${string}`): Pdu =>
      pdu({ type: "m.room.redaction", sender: BOB, event_id: "$redaction:b.example", redacts });
    const inside = [member(BOB, "join")];
    expect(verdict(redaction("$event:b.example"), inside)).toBe("allowed");
    expect(verdict(redaction("$event:c.example"), inside)).toBe(number <= 2 ? "11.3" : "allowed");
    expect(verdict(redaction("$event:c.example"), [...inside, powerLevels({ redact: 0 })])).toBe("allowed");
  });

  if (number < 10)
    test("levels of the room that cannot be read allow nothing", () => {
      const state = [member(BOB, "join"), powerLevels({ events_default: "much" })];
      expect(verdict(message(BOB), state)).toBe(numbered(id, 8));
      expect(verdict(message(BOB), [member(BOB, "join"), powerLevels({ events: "many" })])).toBe(numbered(id, 8));
      expect(verdict(message(BOB), [member(BOB, "join"), powerLevels({ users: 5 })])).toBe(numbered(id, 8));
    });
});
