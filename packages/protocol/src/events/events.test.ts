import { describe, expect, test } from "vitest";
import { canonicalJson } from "../canonical-json/canonical-json.ts";
import { readJson } from "../canonical-json/read-json.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { MAX_EVENT_BYTES } from "../limits.ts";
import { roomVersion, SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import { signEvent } from "../signing/sign-event.ts";
import { sha256, signingKey } from "../test-crypto.ts";
import { checkPdu } from "./check-pdu.ts";
import { depthOf, nextDepth } from "./depth.ts";
import { authEventIds, prevEventIds } from "./edges.ts";
import { eventIdOf, roomIdOfCreate } from "./event-id.ts";
import { checkEventSize, eventJson } from "./event-size.ts";
import { contentHash, hasItsContentHash, referenceHash } from "./hashes.ts";
import type { DraftPdu, Pdu } from "./pdu.ts";

const version = (id: string) => roomVersion(id) ?? expect.unreachable();
const key = signingKey("ed25519:1", "YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1");
const sign = (draft: DraftPdu, id: string) => signEvent(draft, version(id), { serverName: "domain", key, sha256 });
const EDGE = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";
const DRAFT: DraftPdu = {
  type: "m.room.message",
  sender: "@a:domain",
  room_id: "!r:domain",
  content: { body: "hello" },
  origin_server_ts: 1,
  depth: 2,
  prev_events: [EDGE],
  auth_events: [],
};
const badJson = expect.objectContaining({ errcode: "M_BAD_JSON" });
const tooLarge = expect.objectContaining({ errcode: "M_TOO_LARGE" });

describe("the id of an event", () => {
  test("is written in it in versions 1 and 2, and required there", () => {
    for (const id of ["1", "2"]) {
      expect(sign({ ...DRAFT, event_id: "$x:domain" }, id).eventId).toBe("$x:domain");
      expect(() => sign(DRAFT, id)).toThrow(badJson);
    }
  });

  test("is its reference hash since version 3, URL-safe since version 4", () => {
    for (const id of SUPPORTED_ROOM_VERSIONS.slice(2)) {
      const { pdu, eventId } = sign(DRAFT, id);
      expect(eventIdOf(pdu, version(id), sha256)).toBe(eventId);
      const hash = referenceHash(pdu, version(id), sha256);
      expect(Uint8Array.fromBase64(eventId.slice(1), { alphabet: id === "3" ? "base64" : "base64url" })).toEqual(hash);
    }
  });

  test("says nothing of signatures and unsigned, and everything of the content through its hash", () => {
    const { pdu, eventId } = sign(DRAFT, "12");
    expect(eventIdOf({ ...pdu, signatures: {}, unsigned: { age: 1 } }, version("12"), sha256)).toBe(eventId);
    expect(eventIdOf({ ...pdu, content: { body: "other" } }, version("12"), sha256)).toBe(eventId);
    expect(hasItsContentHash({ ...pdu, content: { body: "other" } }, sha256)).toBe(false);
    expect(sign({ ...DRAFT, content: { body: "other" } }, "12").eventId).not.toBe(eventId);
  });

  test("of a create event is the room's id since version 12", () => {
    const { room_id, ...rest } = DRAFT;
    const create = { ...rest, type: "m.room.create", state_key: "", content: { room_version: "12" }, prev_events: [] };
    const { pdu, eventId } = sign(create, "12");
    expect(roomIdOfCreate(pdu, version("12"), sha256)).toBe(`!${eventId.slice(1)}`);
    expect(roomIdOfCreate({ ...pdu, room_id: "!r:domain" }, version("11"), sha256)).toBe("!r:domain");
    expect(() => roomIdOfCreate(pdu, version("11"), sha256)).toThrow(badJson);
  });
});

test("numbers that JavaScript cannot hold are hashed as their sender wrote them", () => {
  const text = (n: string) => `{"content":{"a":1,"n":${n}},"depth":9223372036854775807,"type":"X"}`;
  const hash = (n: string) => contentHash(readJson(text(n), { strict: false }) as unknown as Pdu, sha256);
  expect(Uint8Array.fromBase64(hash("1.0"))).toEqual(sha256(text("1.0")));
  expect(new Set(["1", "1.0", "9007199254740992", "9007199254740993"].map(hash)).size).toBe(4);
});

test("edges are read as ids and as pairs of id and hashes", () => {
  const edges: JsonValue[] = ["$a", ["$b:c", { sha256: "x" }], 5, null, [], ["b"], "c", { $a: 1 }];
  expect(prevEventIds({ prev_events: edges })).toEqual(["$a", "$b:c"]);
  expect(authEventIds({ auth_events: edges })).toEqual(["$a", "$b:c"]);
});

describe("an event's size", () => {
  const withBody = (body: string) => sign({ ...DRAFT, content: { body } }, "12").pdu;
  const empty = canonicalJson(withBody("")).length;

  test("is that of its canonical JSON with signatures, in bytes", () => {
    expect(eventJson(withBody("a".repeat(MAX_EVENT_BYTES - empty)))).toHaveLength(MAX_EVENT_BYTES);
    expect(() => checkEventSize(withBody("a".repeat(MAX_EVENT_BYTES - empty + 1)))).toThrow(tooLarge);
    const half = Math.floor((MAX_EVENT_BYTES - empty) / 2);
    expect(() => checkEventSize(withBody("é".repeat(half)))).not.toThrow();
    expect(() => checkEventSize(withBody("é".repeat(half + 1)))).toThrow(tooLarge);
  });

  test.each(["type", "state_key", "sender", "room_id", "event_id"])("leaves its %s 255 bytes", (name) => {
    const event = (text: string) => ({ ...withBody(""), [name]: text }) as Pdu;
    expect(() => checkEventSize(event("a".repeat(255)))).not.toThrow();
    expect(() => checkEventSize(event("a".repeat(256)))).toThrow(tooLarge);
    expect(() => checkEventSize(event("é".repeat(128)))).toThrow(tooLarge);
  });
});

describe("the format of a received event", () => {
  const valid = sign(DRAFT, "12").pdu;
  const check = (changes: JsonObject, id = "12") =>
    checkPdu({ ...valid, room_id: "!r:domain", ...changes }, version(id));
  const without = (name: string): JsonObject =>
    Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name));

  test("passes the very object that came", () => {
    expect(checkPdu(valid, version("12"))).toBe(valid);
    const old = { ...valid, event_id: "$1:domain", prev_events: [["$2:domain", { sha256: "x" }]] };
    expect(checkPdu(old, version("1"))).toBe(old);
  });

  test.each([
    "type",
    "sender",
    "room_id",
    "content",
    "hashes",
    "signatures",
    "prev_events",
    "auth_events",
    "origin_server_ts",
    "depth",
  ])("needs %s", (name) => expect(() => checkPdu(without(name), version("12"))).toThrow(badJson));

  test.each<JsonObject>([
    { type: 1 },
    { sender: "alice" },
    { sender: null },
    { state_key: 5 },
    { state_key: null },
    { content: [] },
    { content: "x" },
    { unsigned: [] },
    { prev_events: {} },
    { prev_events: [5] },
    { prev_events: ["x"] },
    { auth_events: [["$a:b", {}]] },
    { prev_events: ["$short"] },
    { depth: -1 },
    { depth: 1.5 },
    { depth: "1" },
    { origin_server_ts: "1" },
    { room_id: "r" },
    { hashes: "x" },
    { signatures: null },
  ])("refuses %j", (changes) => expect(() => check(changes)).toThrow(badJson));

  test.each([null, 5, "x", [], true])("refuses %j as an event", (value) =>
    expect(() => checkPdu(value, version("12"))).toThrow(badJson),
  );

  test("lets the create event alone go without a room id, since version 12", () => {
    const create = { ...without("room_id"), type: "m.room.create", state_key: "", prev_events: [] };
    expect(checkPdu(create, version("12"))).toBe(create);
    expect(() => checkPdu(create, version("11"))).toThrow(badJson);
    expect(() => checkPdu({ ...create, state_key: "x" }, version("12"))).toThrow(badJson);
  });

  test("lets depth pass 2^53 up to version 5", () => {
    const read = (depth: string) => ({ ...valid, depth: readJson(depth, { strict: false }) });
    const deepest = checkPdu(read("9223372036854775807"), version("5"));
    expect(depthOf(deepest)).toBe(Number.MAX_SAFE_INTEGER);
    for (const depth of ["9223372036854775808", "1.5", "1e400", "-9007199254740993"]) {
      expect(() => checkPdu(read(depth), version("5"))).toThrow(badJson);
    }
    expect(() => checkPdu(read("9223372036854775807"), version("6"))).toThrow(badJson);
  });
});

test("an event is one deeper than the deepest before it, and stays at the limit", () => {
  const at = (...depths: string[]) => depths.map((depth) => ({ depth: readJson(depth, { strict: false }) as number }));
  const next = (id: string, ...depths: string[]) => canonicalJson(nextDepth(at(...depths), version(id)));
  expect(next("12")).toBe("1");
  expect(next("12", "4", "9", "2")).toBe("10");
  expect(next("12", "9007199254740991")).toBe("9007199254740991");
  expect(next("5", "9007199254740991", "3")).toBe("9007199254740992");
  expect(next("5", "9223372036854775807")).toBe("9223372036854775807");
});
