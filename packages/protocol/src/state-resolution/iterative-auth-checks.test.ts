import { describe, expect, test } from "vitest";
import type { EventId, UserId } from "../identifiers/types.ts";
import { roomVersion } from "../room-versions/room-versions.ts";
import { eventSource } from "./event-source.ts";
import { ForkedRoom, membership, state } from "./forked-room.ts";
import { iterativeAuthChecks } from "./iterative-auth-checks.ts";
import { stateMapKey } from "./state-map.ts";

const ALICE: UserId = "@alice:a";
const BOB: UserId = "@bob:b";

describe.each([["2"], ["12"]])("in room version %s", (id) => {
  const room = new ForkedRoom(roomVersion(id)!, ALICE);
  const alice = room.send("alice", [room.createId], membership(ALICE, ALICE, "join"));
  const levels = room.send("levels", [alice], state("m.room.power_levels", ALICE, { users: { [BOB]: 50 } }));
  const rules = room.send("rules", [levels], state("m.room.join_rules", ALICE, { join_rule: "public" }));
  const bob = room.send("bob", [rules], membership(BOB, BOB, "join"));
  const topic = room.send("topic", [bob], state("m.room.topic", BOB, {}));
  const lower = room.send("lower", [bob], state("m.room.power_levels", ALICE, { users: { [BOB]: 0 } }));

  const apply = (before: readonly [string, EventId][], rejected?: EventId): readonly EventId[] => {
    const resolved = new Map(before);
    const checks = {
      version: room.version,
      source: eventSource((eventId) => room.events.get(eventId)),
      rejected: (eventId: EventId) => eventId === rejected,
      signatures: { signedByServer: () => true, signedByKey: () => true },
    };
    iterativeAuthChecks(checks, resolved, [topic]);
    return [...resolved.values()];
  };

  test("an event stands on its own auth events where the state has none", () => {
    expect(apply([])).toEqual([topic]);
  });

  test("what the state has goes before the event's own auth events", () => {
    expect(apply([[stateMapKey("m.room.power_levels", ""), lower]])).toEqual([lower]);
  });

  test.each([["levels"], ["bob"]])("a rejected auth event, %s, authorises nothing", (name) => {
    expect(apply([], name === "levels" ? levels : bob)).toEqual([]);
  });
});
