import { describe, expect, test } from "vitest";
import type { Pdu } from "../events/pdu.ts";
import type { JsonObject } from "../json.ts";
import { roomVersion, SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import { redact, redactsOf } from "./redact.ts";

const version = (id: string) => roomVersion(id) ?? expect.unreachable();
const EVENT = {
  type: "m.room.message",
  sender: "@a:b",
  room_id: "!r:b",
  state_key: "",
  event_id: "$1:b",
  origin_server_ts: 1,
  depth: 1,
  prev_events: [],
  auth_events: [],
  hashes: { sha256: "x" },
  signatures: {},
  origin: "b",
  membership: "join",
  prev_state: [],
  redacts: "$2:b",
  unsigned: { age: 1 },
  custom: 1,
  content: { body: "secret" },
};
const event = (type: string, content: JsonObject) => ({ ...EVENT, type, content }) as unknown as Pdu;
const contentAfter = (id: string, type: string, content: JsonObject) =>
  redact(event(type, content), version(id)).content;
const since = (first: number) => SUPPORTED_ROOM_VERSIONS.map((id) => [id, Number(id) >= first] as const);

describe.each(since(11))("in room version %s", (id, updated) => {
  test("the keys of the protocol stay and everything else goes", () => {
    const { redacts, unsigned, custom, origin, membership, prev_state, content, ...always } = EVENT;
    const historical = updated ? {} : { origin, membership, prev_state };
    expect(redact(event(EVENT.type, EVENT.content), version(id))).toEqual({ ...always, ...historical, content: {} });
  });

  test("redacting twice is redacting once", () => {
    const member = { membership: "invite", third_party_invite: { signed: { token: "x" }, display_name: "y" }, x: 1 };
    const once = redact(event("m.room.member", member), version(id));
    expect(redact(once, version(id))).toEqual(once);
  });

  test("a create event keeps its creator, or since version 11 everything", () => {
    const content = { creator: "@a:b", room_version: id, "m.federate": false };
    expect(contentAfter(id, "m.room.create", content)).toEqual(updated ? content : { creator: "@a:b" });
  });

  test("power levels keep what auth rules read", () => {
    const kept = {
      ban: 1,
      events: { x: 1 },
      events_default: 1,
      kick: 1,
      redact: 1,
      state_default: 1,
      users: {},
      users_default: 1,
    };
    const content = { ...kept, invite: 1, notifications: { room: 1 } };
    expect(contentAfter(id, "m.room.power_levels", content)).toEqual(updated ? { ...kept, invite: 1 } : kept);
  });

  test("an invite by third party id keeps its proof since version 11", () => {
    const redacted = (third_party_invite: never) =>
      contentAfter(id, "m.room.member", { membership: "invite", third_party_invite });
    const membership = "invite";
    const signed = { token: "x", mxid: "@a:b" };
    const kept = (third_party_invite: unknown) => (updated ? { membership, third_party_invite } : { membership });
    expect(redacted({ signed, display_name: "y" } as never)).toEqual(kept({ signed }));
    expect(redacted({ display_name: "y" } as never)).toEqual(kept({}));
    expect(redacted("signed" as never)).toEqual({ membership });
    expect(redacted([] as never)).toEqual({ membership });
  });

  test("a redaction keeps its target since version 11", () => {
    expect(contentAfter(id, "m.room.redaction", { redacts: "$x", reason: "y" })).toEqual(
      updated ? { redacts: "$x" } : {},
    );
  });

  test("the target of a redaction is read from the one place that counts", () => {
    expect(redactsOf(event("m.room.redaction", { redacts: "$inside" }), version(id))).toBe(
      updated ? "$inside" : "$2:b",
    );
    expect(
      redactsOf({ ...event("m.room.redaction", { redacts: 5 }), redacts: 5 } as never, version(id)),
    ).toBeUndefined();
    const { redacts, ...without } = EVENT;
    expect(redactsOf({ ...without, content: {} } as unknown as Pdu, version(id))).toBeUndefined();
  });

  test("history visibility stays", () => {
    expect(contentAfter(id, "m.room.history_visibility", { history_visibility: "shared", x: 1 })).toEqual({
      history_visibility: "shared",
    });
  });
});

test.each(since(6))("room version %s treats aliases as any event: %s", (id, ordinary) => {
  expect(contentAfter(id, "m.room.aliases", { aliases: ["#a:b"], x: 1 })).toEqual(
    ordinary ? {} : { aliases: ["#a:b"] },
  );
});

test.each(since(8))("room version %s keeps the allow of join rules: %s", (id, kept) => {
  const content = { join_rule: "restricted", allow: [] };
  expect(contentAfter(id, "m.room.join_rules", { ...content, x: 1 })).toEqual(
    kept ? content : { join_rule: "restricted" },
  );
});

test.each(since(9))("room version %s keeps who vouched for a restricted join: %s", (id, kept) => {
  const content = { membership: "join", join_authorised_via_users_server: "@a:b" };
  expect(contentAfter(id, "m.room.member", { ...content, displayname: "x" })).toEqual(
    kept ? content : { membership: "join" },
  );
});
