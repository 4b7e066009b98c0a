import { describe, expect, test } from "vitest";
import type { EventId, UserId } from "../identifiers/types.ts";
import type { JsonObject } from "../json.ts";
import { roomVersion } from "../room-versions/room-versions.ts";
import { ForkedRoom, membership, state } from "./forked-room.ts";
import { sha1Hex } from "./sha1.ts";
import { type StateMap, stateMapKey } from "./state-map.ts";

const ALICE: UserId = "@alice:a";
const BOB: UserId = "@bob:b";
const CAROL: UserId = "@carol:c";

type Scene = {
  readonly room: ForkedRoom;
  readonly start: EventId;
  readonly levels: (sender: UserId, users: JsonObject) => ReturnType<typeof state>;
};

/** A public room: Alice made it and has 100, Bob has 50, both and Carol are joined. */
function scene(id: string, bob = 50): Scene {
  const version = roomVersion(id)!;
  const room = new ForkedRoom(version, ALICE);
  const levels: Scene["levels"] = (sender, users) =>
    state("m.room.power_levels", sender, {
      users: version.privilegedCreators ? users : { [ALICE]: 100, ...users },
    });
  let last = room.send("alice", [room.createId], membership(ALICE, ALICE, "join"));
  last = room.send("levels", [last], levels(ALICE, { [BOB]: bob }));
  last = room.send("rules", [last], state("m.room.join_rules", ALICE, { join_rule: "public" }));
  last = room.send("bob", [last], membership(BOB, BOB, "join"));
  last = room.send("carol", [last], membership(CAROL, CAROL, "join"));
  last = room.send("topic", [last], state("m.room.topic", ALICE, { topic: "first" }));
  return { room, start: last, levels };
}

const at = (resolved: StateMap, type: string, stateKey = ""): string | undefined =>
  resolved.get(stateMapKey(type, stateKey))?.replace(":a", "");

const ALL = [["1"], ["2"], ["3"], ["6"], ["11"], ["12"]];
const SINCE_V2 = ALL.slice(1);

describe.each(ALL)("in room version %s", (id) => {
  test("a demotion wins over what the demoted user did meanwhile", () => {
    const { room, start, levels } = scene(id);
    const demotion = room.send("demotion", [start], levels(ALICE, { [BOB]: 0 }));
    const ban = room.send("ban", [start], membership(BOB, CAROL, "ban"));
    const resolved = room.stateAfter([demotion, ban]);
    expect(at(resolved, "m.room.power_levels")).toBe("$demotion");
    expect(at(resolved, "m.room.member", CAROL)).toBe("$carol");
  });

  test("what a user set while being banned elsewhere does not stand", () => {
    const { room, start } = scene(id);
    const ban = room.send("ban", [start], { ...membership(ALICE, BOB, "ban"), at: 900 });
    const topic = room.send("bobs", [start], { ...state("m.room.topic", BOB, { topic: "Bob's" }), at: 50 });
    const resolved = room.stateAfter([ban, topic]);
    expect(at(resolved, "m.room.member", BOB)).toBe("$ban");
    expect(at(resolved, "m.room.topic")).toBe("$topic");
  });

  test("what conflicts with nothing is kept from every side", () => {
    const { room, start } = scene(id);
    const name = room.send("name", [start], state("m.room.name", ALICE, { name: "n" }));
    const avatar = room.send("avatar", [start], state("m.room.avatar", BOB, { url: "u" }));
    const resolved = room.stateAfter([name, avatar]);
    expect(at(resolved, "m.room.name")).toBe("$name");
    expect(at(resolved, "m.room.avatar")).toBe("$avatar");
    expect(at(resolved, "m.room.topic")).toBe("$topic");
  });

  test("one state alone is itself", () => {
    const { room, start } = scene(id);
    const only = room.states.get(start)!;
    expect(room.resolve([only])).toBe(only);
  });

  test("events not given are asked for, until the state can be told", () => {
    const { room, start, levels } = scene(id);
    const left = room.send("left", [start], levels(ALICE, { [BOB]: 20 }));
    const right = room.send("right", [start], levels(BOB, { [BOB]: 10 }));
    const states = [room.states.get(left)!, room.states.get(right)!];
    const known = new Map<EventId, NonNullable<ReturnType<typeof room.events.get>>>();
    let resolved = room.tryResolve(states, known);
    while (!resolved.resolved) {
      expect(resolved.missing.length).toBeGreaterThan(0);
      for (const eventId of resolved.missing) {
        expect(known.has(eventId)).toBe(false);
        known.set(eventId, room.events.get(eventId)!);
      }
      resolved = room.tryResolve(states, known);
    }
    expect(known.size).toBeGreaterThan(0);
    expect([...resolved.state]).toEqual([...room.resolve(states)]);
  });
});

describe.each(SINCE_V2)("in room version %s", (id) => {
  test("of two topics by users of the same power levels event the later one stands", () => {
    const { room, start } = scene(id);
    const earlier = room.send("earlier", [start], { ...state("m.room.topic", ALICE, {}), at: 50 });
    const later = room.send("later", [start], { ...state("m.room.topic", BOB, {}), at: 51 });
    expect(at(room.stateAfter([earlier, later]), "m.room.topic")).toBe("$later");
    expect(at(room.stateAfter([later, earlier]), "m.room.topic")).toBe("$later");
  });

  test("of two topics of the same moment the one with the greater id stands", () => {
    const { room, start } = scene(id);
    const one = room.send("aaa", [start], { ...state("m.room.topic", ALICE, {}), at: 50 });
    const two = room.send("bbb", [start], { ...state("m.room.topic", BOB, {}), at: 50 });
    expect(at(room.stateAfter([two, one]), "m.room.topic")).toBe("$bbb");
  });

  test("a topic that knows newer power levels stands against a later one that does not", () => {
    const { room, start, levels } = scene(id);
    const newer = room.send("newer", [start], levels(ALICE, { [BOB]: 60 }));
    const knowing = room.send("knowing", [newer], { ...state("m.room.topic", ALICE, {}), at: 50 });
    const later = room.send("later", [start], { ...state("m.room.topic", BOB, {}), at: 900 });
    expect(at(room.stateAfter([knowing, later]), "m.room.topic")).toBe("$knowing");
  });

  test("of two who ban each other the one with more power stays", () => {
    const { room, start, levels } = scene(id);
    const raised = room.send("raised", [start], levels(ALICE, { [BOB]: 90, [CAROL]: 80 }));
    const bobs = room.send("bobs", [raised], { ...membership(BOB, CAROL, "ban"), at: 60 });
    const carols = room.send("carols", [raised], { ...membership(CAROL, BOB, "ban"), at: 50 });
    const resolved = room.stateAfter([bobs, carols]);
    expect(at(resolved, "m.room.member", CAROL)).toBe("$bobs");
    expect(at(resolved, "m.room.member", BOB)).toBe("$bob");
  });

  test("of two with the same power the earlier change of power levels is built on, whatever its depth", () => {
    const { room, start, levels } = scene(id, 100);
    const lowered = room.send("lowered", [start], { ...levels(BOB, { [BOB]: 100, [CAROL]: 7 }), at: 50 });
    const other = room.send("other", [start], { ...levels(BOB, { [BOB]: 100, [CAROL]: 8 }), at: 51 });
    // Both are allowed one after the other, so the last one stands.
    expect(at(room.stateAfter([other, lowered]), "m.room.power_levels")).toBe("$other");
  });

  test("of two changes of power levels at the same moment the one with the lower id comes first", () => {
    const { room, start, levels } = scene(id);
    const one = room.send("aaa", [start], { ...levels(BOB, { [BOB]: 50, [CAROL]: 7 }), at: 50 });
    const two = room.send("bbb", [start], { ...levels(BOB, { [BOB]: 50, [CAROL]: 8 }), at: 50 });
    expect(at(room.stateAfter([two, one]), "m.room.power_levels")).toBe("$bbb");
  });

  test("a change of power levels stands on one that only its own side has in its past", () => {
    const { room, start, levels } = scene(id, 0);
    const raised = room.send("raised", [start], levels(ALICE, { [BOB]: 50 }));
    const bobs = room.send("bobs", [raised], levels(BOB, { [BOB]: 50, [CAROL]: 5 }));
    const name = room.send("name", [start], state("m.room.name", ALICE, {}));
    expect(at(room.stateAfter([bobs, name]), "m.room.power_levels")).toBe("$bobs");
  });

  test("one's own leaving undoes nothing of what one set before it elsewhere", () => {
    const { room, start } = scene(id);
    const left = room.send("left", [start], { ...membership(BOB, BOB, "leave"), at: 900 });
    const topic = room.send("bobs", [start], { ...state("m.room.topic", BOB, {}), at: 50 });
    const resolved = room.stateAfter([left, topic]);
    expect(at(resolved, "m.room.member", BOB)).toBe("$left");
    expect(at(resolved, "m.room.topic")).toBe("$bobs");
  });

  test("a room closed on one side does not let in who joined on the other, be it earlier", () => {
    const { room, start } = scene(id);
    const rules = { ...state("m.room.join_rules", ALICE, { join_rule: "invite" }), at: 900 };
    const closed = room.send("closed", [start], rules);
    const joined = room.send("dan", [start], { ...membership("@dan:d", "@dan:d", "join"), at: 50 });
    const resolved = room.stateAfter([closed, joined]);
    expect(at(resolved, "m.room.join_rules")).toBe("$closed");
    expect(at(resolved, "m.room.member", "@dan:d")).toBeUndefined();
  });
});

describe("the problems that v2.1 solves", () => {
  test.each([
    ["11", undefined],
    ["12", "$dan"],
  ])("in room version %s one who joined when the room was public is, where a state lacks it: %s", (id, expected) => {
    const { room, start } = scene(id);
    const joined = room.send("dan", [start], membership("@dan:d", "@dan:d", "join"));
    const closed = room.send("closed", [joined], state("m.room.join_rules", ALICE, { join_rule: "invite" }));
    const full = room.states.get(closed)!;
    const lacking = new Map(full);
    lacking.delete(stateMapKey("m.room.member", "@dan:d"));
    expect(at(room.resolve([full, lacking]), "m.room.member", "@dan:d")).toBe(expected);
  });

  test.each([
    ["11", "$levels"],
    ["12", "$third"],
  ])(
    "in room version %s, of power levels with a step between that all states have in their chains stands %s",
    (id, expected) => {
      const { room, start, levels } = scene(id, 0);
      // Alice raises Bob; somebody's event cites that; Bob changes the levels.
      const second = room.send("second", [start], levels(ALICE, { [BOB]: 50 }));
      const cites = room.send("cites", [second], state("m.room.name", ALICE, {}));
      const third = room.send("third", [cites], levels(BOB, { [BOB]: 50, [CAROL]: 5 }));
      const newest = room.states.get(third)!;
      const stale = new Map(newest).set(
        stateMapKey("m.room.power_levels", ""),
        room.states.get(start)!.get(stateMapKey("m.room.power_levels", ""))!,
      );
      expect(at(room.resolve([newest, stale]), "m.room.power_levels")).toBe(expected);
    },
  );

  test("in room version 12 a creator comes before any level, and no event cites the create event", () => {
    const { room, start, levels } = scene("12", 1_000_000);
    const bobs = room.send("bobs", [start], { ...state("m.room.join_rules", BOB, { join_rule: "public" }), at: 50 });
    const alices = room.send("alices", [start], { ...levels(ALICE, { [BOB]: 0 }), at: 60 });
    const resolved = room.stateAfter([bobs, alices]);
    expect(at(resolved, "m.room.power_levels")).toBe("$alices");
    expect(at(resolved, "m.room.join_rules")).toBe("$rules");
    for (const { auth_events } of room.events.values()) expect(auth_events).not.toContain(room.createId);
  });
});

describe("state resolution v1", () => {
  test("of two topics the deeper one stands", () => {
    const { room, start } = scene("1");
    const shallow = room.send("shallow", [start], { ...state("m.room.topic", BOB, {}), at: 900 });
    const name = room.send("name", [start], state("m.room.name", ALICE, {}));
    const deep = room.send("deep", [name], { ...state("m.room.topic", ALICE, {}), at: 50 });
    expect(at(room.stateAfter([deep, shallow]), "m.room.topic")).toBe("$deep");
  });

  test("of two topics of the same depth that with the lowest SHA-1 of its id stands", () => {
    const { room, start } = scene("1");
    const ids = ["one", "two", "three", "four"].map((name) => room.send(name, [start], state("m.room.topic", BOB, {})));
    const lowest = ids.toSorted((a, b) => (sha1Hex(a) < sha1Hex(b) ? -1 : 1))[0]!;
    expect(room.stateAfter(ids).get(stateMapKey("m.room.topic", ""))).toBe(lowest);
  });

  test("a deeper topic that is not allowed gives way", () => {
    const { room, start, levels } = scene("1");
    const demotion = room.send("demotion", [start], levels(ALICE, { [BOB]: 0 }));
    const alices = room.send("alices", [demotion], state("m.room.topic", ALICE, {}));
    const name = room.send("name", [start], state("m.room.name", BOB, {}));
    const avatar = room.send("avatar", [name], state("m.room.avatar", BOB, {}));
    const bobs = room.send("bobs", [avatar], state("m.room.topic", BOB, {}));
    expect(at(room.stateAfter([alices, bobs]), "m.room.topic")).toBe("$alices");
  });

  test("changes of power levels are chained from the lowest depth for as long as each is allowed", () => {
    const { room, start, levels } = scene("1");
    const alices = room.send("alices", [start], levels(ALICE, { [BOB]: 0 }));
    const name = room.send("name", [start], state("m.room.name", BOB, {}));
    const bobs = room.send("bobs", [name], levels(BOB, { [BOB]: 50, [CAROL]: 40 }));
    expect(at(room.stateAfter([alices, bobs]), "m.room.power_levels")).toBe("$alices");
  });
});
