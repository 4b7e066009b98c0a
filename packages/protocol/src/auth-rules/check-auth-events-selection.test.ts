import { describe, expect, test } from "vitest";
import type { Pdu } from "../events/pdu.ts";
import { SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import { authEventTypes } from "./auth-event-types.ts";
import { checkAuthEventsSelection } from "./check-auth-events-selection.ts";
import {
  ALICE,
  BOB,
  CAROL,
  createEvent,
  joinRules,
  member,
  pdu,
  powerLevels,
  ruleOf,
  versionNamed,
} from "./room-of-one-state.ts";

describe.each(SUPPORTED_ROOM_VERSIONS)("in room version %s", (id) => {
  const version = versionNamed(id);
  const number = Number(id);
  const create: Pdu = { ...createEvent(version), room_id: "!create" };
  const required = number >= 12 ? [] : [create];
  const rule = (step: number): string => `${number >= 12 ? 3 : 2}.${step}`;
  const message = pdu({ type: "m.room.message" });
  const select = (event: Pdu, authEvents: readonly Pdu[], rejected?: Pdu): string =>
    ruleOf(
      checkAuthEventsSelection({
        version,
        event,
        authEvents: authEvents.map((authEvent) => ({ event: authEvent, rejected: authEvent === rejected })),
      }),
    );

  test("the create event is cited until version 11 and never since", () => {
    expect(select(message, [create, powerLevels({}), member(ALICE, "join")])).toBe(number >= 12 ? "3.2" : "allowed");
    expect(select(message, [powerLevels({}), member(ALICE, "join")])).toBe(number >= 12 ? "allowed" : "2.4");
  });

  test("nothing is cited twice", () => {
    expect(select(message, [...required, member(ALICE, "join"), member(ALICE, "invite")])).toBe(rule(1));
  });

  test("nothing is cited that is not asked for", () => {
    expect(select(message, [...required, joinRules("public")])).toBe(rule(2));
    expect(select(message, [...required, member(BOB, "join")])).toBe(rule(2));
    expect(select(message, [...required, pdu({ type: "m.room.member" })])).toBe(rule(2));
    expect(select(message, [...required, powerLevels({}, { state_key: "x" })])).toBe(rule(2));
  });

  test("nothing is cited that was rejected", () => {
    const levels = powerLevels({});
    expect(select(message, [...required, levels], levels)).toBe(rule(3));
  });

  test("nothing is cited from another room", () => {
    const elsewhere = powerLevels({}, { room_id: "!elsewhere" });
    expect(select(message, [...required, elsewhere])).toBe(number >= 12 ? "3.4" : "2.5");
  });

  test("a create event is not asked for its auth events", () => {
    expect(select(createEvent(version), [])).toBe("allowed");
  });

  const created = number >= 12 ? [] : [["m.room.create", ""]];
  const sender = [...created, ["m.room.power_levels", ""], ["m.room.member", ALICE]];
  test("a message cites what gives its sender power", () => {
    expect(authEventTypes(message, version)).toEqual(sender);
    expect(authEventTypes(createEvent(version), version)).toEqual([]);
  });

  test.each([["join"], ["invite"], ["knock"]])("the membership %s cites the join rules", (membership) => {
    const event = member(BOB, membership, { sender: ALICE });
    expect(authEventTypes(event, version)).toEqual([...sender, ["m.room.member", BOB], ["m.room.join_rules", ""]]);
    expect(authEventTypes(member(ALICE, membership), version)).toEqual([...sender, ["m.room.join_rules", ""]]);
  });

  test.each([["leave"], ["ban"]])("the membership %s does not", (membership) => {
    const event = member(BOB, membership, { sender: ALICE });
    expect(authEventTypes(event, version)).toEqual([...sender, ["m.room.member", BOB]]);
  });

  test("an invite redeemed cites the third-party invite of its token", () => {
    const content = { third_party_invite: { signed: { token: "t" } } };
    expect(authEventTypes(member(BOB, "invite", { sender: ALICE, content }), version)).toContainEqual([
      "m.room.third_party_invite",
      "t",
    ]);
    expect(authEventTypes(member(BOB, "invite", { content: { third_party_invite: 5 } }), version)).toHaveLength(
      created.length + 3,
    );
  });

  test("a join cites the user who authorised it from version 8, other memberships do not", () => {
    const content = { join_authorised_via_users_server: CAROL };
    const cites = (membership: string): boolean =>
      authEventTypes(member(BOB, membership, { content }), version).some(([, stateKey]) => stateKey === CAROL);
    expect(cites("join")).toBe(number >= 8);
    expect(cites("invite")).toBe(false);
    expect(cites("leave")).toBe(false);
  });
});
