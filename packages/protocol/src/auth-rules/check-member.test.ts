import { describe, expect, test } from "vitest";
import type { Pdu } from "../events/pdu.ts";
import type { JsonValue } from "../json.ts";
import { SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import {
  ALICE,
  BOB,
  CAROL,
  CREATE_ID,
  joinRules,
  judge,
  member,
  pdu,
  powerLevels,
  ruleOf,
  versionNamed,
} from "./room-of-one-state.ts";

/** The number of the member rule, and how far version 8's rule about signatures moved those behind it. */
const memberRule = (id: string): number => (Number(id) >= 6 && Number(id) <= 11 ? 4 : 5);
const shift = (id: string): number => (Number(id) >= 8 ? 1 : 0);
const byMembership = (id: string, place: number): string => `${memberRule(id)}.${place + shift(id)}`;

describe.each(SUPPORTED_ROOM_VERSIONS)("in room version %s", (id) => {
  const version = versionNamed(id);
  const verdict = (event: Pdu, state: readonly Pdu[] = []): string => ruleOf(judge(version, event, state));
  const join = (place: number): string => `${byMembership(id, 2)}.${place}`;
  const invite = (place: string): string => `${byMembership(id, 3)}.${place}`;
  const leave = (place: number): string => `${byMembership(id, 4)}.${place}`;
  const ban = (place: number): string => `${byMembership(id, 5)}.${place}`;
  const otherwiseOfJoin = id === "12" || Number(id) >= 8 ? join(7) : join(6);

  test("a membership needs a user id as state key and a membership", () => {
    const { state_key, ...withoutKey } = member(BOB, "join");
    expect(verdict(withoutKey)).toBe(`${memberRule(id)}.1`);
    expect(verdict(member(BOB, "join", { state_key: "bob" }))).toBe(`${memberRule(id)}.1`);
    expect(verdict({ ...member(BOB, "join"), content: {} })).toBe(`${memberRule(id)}.1`);
  });

  test.each<[JsonValue]>([["dancing"], [""], [1], [null], [{}], [["join"]], ["toString"]])(
    "the membership %j is unknown",
    (membership) => {
      const rule = byMembership(id, Number(id) >= 7 ? 7 : 6);
      expect(verdict({ ...member(BOB, "join"), content: { membership } })).toBe(rule);
    },
  );

  test("the creator joins right after the create event, and nobody else does", () => {
    const first = { prev_events: Number(id) < 3 ? [[CREATE_ID, { sha256: "" }]] : [CREATE_ID] };
    const alone = [member(ALICE, "leave")];
    expect(verdict(member(ALICE, "join", first), alone)).toBe("allowed");
    expect(verdict(member(BOB, "join", first), alone)).toBe(otherwiseOfJoin);
    const later = { prev_events: [...first.prev_events, ...first.prev_events] };
    expect(verdict(member(ALICE, "join", later), alone)).toBe(otherwiseOfJoin);
    expect(verdict(member(ALICE, "join"), alone)).toBe(otherwiseOfJoin);
  });

  test("nobody joins for another user", () => {
    expect(verdict(member(BOB, "join", { sender: ALICE }), [joinRules("public")])).toBe(join(2));
  });

  test("a banned user does not join, whatever the join rule", () => {
    expect(verdict(member(BOB, "join"), [joinRules("public"), member(BOB, "ban")])).toBe(join(3));
  });

  test("anyone joins a public room", () => {
    expect(verdict(member(BOB, "join"), [joinRules("public")])).toBe("allowed");
  });

  test.each([["invite"], ["join"]])("with the membership %s one joins a room for the invited", (membership) => {
    expect(verdict(member(BOB, "join"), [joinRules("invite"), member(BOB, membership)])).toBe("allowed");
    expect(verdict(member(BOB, "join"), [member(BOB, membership)])).toBe("allowed");
  });

  test("without an invite one does not join a room for the invited, nor one without join rules", () => {
    expect(verdict(member(BOB, "join"), [joinRules("invite")])).toBe(otherwiseOfJoin);
    expect(verdict(member(BOB, "join"))).toBe(otherwiseOfJoin);
    expect(verdict(member(BOB, "join"), [joinRules("invite"), member(BOB, "leave")])).toBe(otherwiseOfJoin);
  });

  test.each<[string, number]>([
    ["knock", 7],
    ["restricted", 8],
    ["knock_restricted", 10],
    ["private", Number.POSITIVE_INFINITY],
  ])("the join rule %s lets the invited in where the version knows it", (rule, since) => {
    const invited = verdict(member(BOB, "join"), [joinRules(rule), member(BOB, "invite")]);
    expect(invited).toBe(Number(id) >= since ? "allowed" : otherwiseOfJoin);
    expect(verdict(member(BOB, "join"), [joinRules(rule)])).not.toBe("allowed");
  });

  test("a malformed join rule lets nobody in", () => {
    const malformed = pdu({ type: "m.room.join_rules", state_key: "", content: { join_rule: ["public"] } });
    expect(verdict(member(BOB, "join"), [malformed, member(BOB, "invite")])).toBe(otherwiseOfJoin);
  });

  describe.each<[string, number]>([
    ["restricted", 8],
    ["knock_restricted", 10],
  ])("a join authorised by a member under the join rule %s", (rule, since) => {
    const authorised = (authoriser: JsonValue): Pdu =>
      member(BOB, "join", { content: { join_authorised_via_users_server: authoriser } });
    const verdictOf = (event: Pdu, state: readonly Pdu[], signed = true): string =>
      ruleOf(judge(version, event, [joinRules(rule), ...state], { signedByServer: () => signed }));

    test("is allowed when that member may invite", () => {
      const expected = Number(id) >= since ? "allowed" : otherwiseOfJoin;
      expect(verdictOf(authorised(ALICE), [])).toBe(expected);
    });

    if (Number(id) >= since)
      test("is refused when that user is not joined or may not invite", () => {
        expect(verdictOf(authorised(CAROL), [])).toBe(join(5.2));
        expect(verdictOf(authorised(CAROL), [member(CAROL, "invite")])).toBe(join(5.2));
        expect(verdictOf(authorised(CAROL), [member(CAROL, "join"), powerLevels({ invite: 1 })])).toBe(join(5.2));
      });

    if (Number(id) >= 8)
      test("is refused without that user's server's signature, in any membership event", () => {
        expect(verdictOf(authorised(ALICE), [], false)).toBe(`${memberRule(id)}.2.1`);
        expect(verdictOf(authorised("nobody"), [])).toBe(`${memberRule(id)}.2.1`);
        expect(verdictOf(authorised(7), [])).toBe(`${memberRule(id)}.2.1`);
        const leaving = { ...authorised(ALICE), content: { ...authorised(ALICE).content, membership: "leave" } };
        expect(verdictOf(leaving, [member(BOB, "join")], false)).toBe(`${memberRule(id)}.2.1`);
      });
  });

  test("one invites from inside the room, with the invite level", () => {
    const invited = member(CAROL, "invite", { sender: BOB });
    expect(verdict(invited)).toBe(invite("2"));
    expect(verdict(invited, [member(BOB, "join")])).toBe("allowed");
    expect(verdict(invited, [member(BOB, "join"), powerLevels({ invite: 1 })])).toBe(invite("5"));
    expect(verdict(invited, [member(BOB, "join"), powerLevels({ invite: 1, users: { [BOB]: 1 } })])).toBe("allowed");
  });

  test.each([["join"], ["ban"]])("a user whose membership is %s is not invited", (membership) => {
    expect(verdict(member(CAROL, "invite", { sender: ALICE }), [member(CAROL, membership)])).toBe(invite("3"));
  });

  test("an invite to an address is redeemed by the user and the sender it names, once signed", () => {
    const redeemed = (thirdPartyInvite: JsonValue): Pdu =>
      member(BOB, "invite", { sender: ALICE, content: { third_party_invite: thirdPartyInvite } });
    const sent = pdu({
      type: "m.room.third_party_invite",
      state_key: "token",
      content: { public_key: "k1", public_keys: [{ public_key: "k2" }, { public_key: 3 }, null] },
    });
    const signed = { mxid: BOB, token: "token", signatures: {} };
    const verdictOf = (thirdPartyInvite: JsonValue, state: readonly Pdu[], key = "k2"): string =>
      ruleOf(judge(version, redeemed(thirdPartyInvite), state, { signedByKey: (_signed, keys) => keys.includes(key) }));
    expect(verdictOf({ signed }, [sent])).toBe("allowed");
    expect(verdictOf({ signed }, [sent], "k1")).toBe("allowed");
    expect(verdictOf({ signed }, [sent, member(ALICE, "leave")])).toBe("allowed");
    expect(verdictOf({ signed }, [sent, member(BOB, "ban")])).toBe(invite("1.1"));
    expect(verdictOf({}, [sent])).toBe(invite("1.2"));
    expect(verdictOf("signed", [sent])).toBe(invite("1.2"));
    expect(verdictOf(null, [sent])).toBe(invite("1.2"));
    expect(verdictOf({ signed: { mxid: BOB } }, [sent])).toBe(invite("1.3"));
    expect(verdictOf({ signed: { mxid: BOB, token: 1 } }, [sent])).toBe(invite("1.3"));
    expect(verdictOf({ signed: { ...signed, mxid: CAROL } }, [sent])).toBe(invite("1.4"));
    expect(verdictOf({ signed }, [])).toBe(invite("1.5"));
    expect(verdictOf({ signed }, [{ ...sent, sender: CAROL }])).toBe(invite("1.6"));
    expect(verdictOf({ signed }, [sent], "k3")).toBe(invite("1.8"));
  });

  test.each<[string, boolean]>([
    ["join", true],
    ["invite", true],
    ["knock", Number(id) >= 7],
    ["ban", false],
    ["leave", false],
  ])("one leaves from the membership %s: %s", (membership, allowed) => {
    expect(verdict(member(BOB, "leave"), [member(BOB, membership)])).toBe(allowed ? "allowed" : leave(1));
  });

  test("one who never was in the room does not leave it", () => {
    expect(verdict(member(BOB, "leave"))).toBe(leave(1));
  });

  test("kicking takes being joined, the kick level, and more power than the user kicked", () => {
    const kicked = member(CAROL, "leave", { sender: BOB });
    const inside = [member(BOB, "join"), member(CAROL, "join")];
    expect(verdict(kicked, [member(CAROL, "join")])).toBe(leave(2));
    expect(verdict(kicked, inside)).toBe(leave(5));
    expect(verdict(kicked, [...inside, powerLevels({ users: { [BOB]: 50 } })])).toBe("allowed");
    expect(verdict(kicked, [...inside, powerLevels({ users: { [BOB]: 50, [CAROL]: 50 } })])).toBe(leave(5));
    expect(verdict(kicked, [...inside, powerLevels({ kick: 51, users: { [BOB]: 50 } })])).toBe(leave(5));
  });

  test("unbanning takes the ban level and the kick level", () => {
    const unbanned = member(CAROL, "leave", { sender: BOB });
    const inside = [member(BOB, "join"), member(CAROL, "ban")];
    const users = { [BOB]: 50 };
    expect(verdict(unbanned, [...inside, powerLevels({ users, ban: 51 })])).toBe(leave(3));
    expect(verdict(unbanned, [...inside, powerLevels({ users, kick: 51 })])).toBe(leave(5));
    expect(verdict(unbanned, [...inside, powerLevels({ users })])).toBe("allowed");
  });

  test("banning takes being joined, the ban level, and more power than the user banned", () => {
    const banned = member(CAROL, "ban", { sender: BOB });
    const users = { [BOB]: 50 };
    expect(verdict(banned)).toBe(ban(1));
    expect(verdict(banned, [member(BOB, "join")])).toBe(ban(3));
    expect(verdict(banned, [member(BOB, "join"), powerLevels({ users })])).toBe("allowed");
    expect(verdict(banned, [member(BOB, "join"), powerLevels({ users, ban: 51 })])).toBe(ban(3));
    expect(verdict(banned, [member(BOB, "join"), powerLevels({ users: { ...users, [CAROL]: 50 } })])).toBe(ban(3));
  });

  if (Number(id) >= 7)
    test("one knocks where the join rule says so, from outside and for oneself", () => {
      const knock = (place: number): string => `${byMembership(id, 6)}.${place}`;
      const both = Number(id) >= 10 ? "allowed" : knock(1);
      expect(verdict(member(BOB, "knock"), [joinRules("knock")])).toBe("allowed");
      expect(verdict(member(BOB, "knock"), [joinRules("knock"), member(BOB, "leave")])).toBe("allowed");
      expect(verdict(member(BOB, "knock"), [joinRules("knock_restricted")])).toBe(both);
      expect(verdict(member(BOB, "knock"), [joinRules("public")])).toBe(knock(1));
      expect(verdict(member(BOB, "knock"))).toBe(knock(1));
      expect(verdict(member(BOB, "knock", { sender: ALICE }), [joinRules("knock")])).toBe(knock(2));
      for (const membership of ["ban", "invite", "join"]) {
        expect(verdict(member(BOB, "knock"), [joinRules("knock"), member(BOB, membership)])).toBe(knock(4));
      }
    });

  if (Number(id) < 7)
    test("knocking is unknown", () => {
      expect(verdict(member(BOB, "knock"), [joinRules("knock")])).toBe(`${memberRule(id)}.6`);
    });
});
