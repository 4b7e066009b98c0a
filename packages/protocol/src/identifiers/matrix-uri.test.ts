import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isEventId, isRoomAlias, isRoomId, isUserId } from "./identifiers.ts";
import { type MatrixLink, matrixToUri, matrixUri, parseMatrixUri } from "./matrix-uri.ts";

const ALIAS: MatrixLink = { id: "#somewhere:example.org", via: [] };
const ROOM: MatrixLink = { id: "!somewhere:example.org", via: ["elsewhere.ca"] };
const EVENT: MatrixLink = { ...ROOM, eventId: "$event:example.org" };
const USER: MatrixLink = { id: "@alice:example.org", via: [] };

describe("the examples of the specification", () => {
  test.each([
    ["matrix:r/somewhere:example.org", ALIAS],
    ["matrix:roomid/somewhere:example.org?via=elsewhere.ca", ROOM],
    ["matrix:roomid/somewhere:example.org/e/event:example.org?via=elsewhere.ca", EVENT],
    ["matrix:u/alice:example.org?action=chat", { ...USER, action: "chat" } as const],
  ])("%s is read and written", (uri, link) => {
    expect(parseMatrixUri(uri)).toEqual(link);
    expect(matrixUri(link)).toBe(uri);
  });

  test.each([
    ["https://matrix.to/#/%23somewhere:example.org", ALIAS],
    ["https://matrix.to/#/!somewhere:example.org?via=elsewhere.ca", ROOM],
    ["https://matrix.to/#/!somewhere:example.org/$event:example.org?via=elsewhere.ca", EVENT],
    ["https://matrix.to/#/@alice:example.org", USER],
  ])("%s is read and written", (uri, link) => {
    expect(parseMatrixUri(uri)).toEqual(link);
    expect(matrixToUri(link)).toBe(uri);
  });
});

test.each([
  ["https://matrix.to/#/%23somewhere%3Aexample.org", ALIAS],
  ["https://matrix.to/#/#somewhere:example.org", ALIAS],
  ["https://matrix.to/#/%21somewhere%3Aexample.org/%24event%3Aexample.org?via=elsewhere.ca", EVENT],
  ["http://matrix.to/#/@alice:example.org/", USER],
  ["MATRIX:u/alice:example.org", USER],
  ["matrix:user/alice:example.org#fragment", USER],
  ["matrix://authority/room/somewhere:example.org", ALIAS],
])("%s, written otherwise than we would, is read", (uri, link) => expect(parseMatrixUri(uri)).toEqual(link));

test("an event id of room version 3 may hold slashes, encoded or not", () => {
  const eventId = "$acR1l0raoZnm60CBwAVgqbZqoO/mYU81xysh1u7XcJk";
  const link = parseMatrixUri(`https://matrix.to/#/!r:example.org/${eventId}`);
  expect(link).toEqual({ id: "!r:example.org", eventId, via: [] });
  expect(parseMatrixUri(matrixUri({ id: "!r:example.org", eventId }))).toEqual(link);
});

test("servers that are none and actions that do not fit are left out", () => {
  expect(parseMatrixUri("matrix:u/a:b?action=join&via=a_b&via=ok:1&com.example.x=1")).toEqual({
    id: "@a:b",
    via: ["ok:1"],
  });
  expect(parseMatrixUri("matrix:r/a:b?action=join")?.action).toBe("join");
});

test.each([
  "",
  "matrix:",
  "matrix:u",
  "matrix:u/",
  "matrix:u/alice",
  "matrix:x/alice:b",
  "matrix:constructor/alice:b",
  "matrix:u/%E0%A4%A:b",
  "matrix:u/alice:b/e/$x",
  "matrix:roomid/a:b/e",
  "matrix:u/a:b/e/x:b",
  "matrix:roomid/a:b/u/x:b",
  "https://matrix.to/",
  "https://matrix.to/#/",
  "https://matrix.to/#/%2Bgroup:b",
  "https://matrix.to/#/@a:b/$x:b",
  "https://example.org/#/@a:b",
  "https://matrix.to.evil/#/@a:b",
])("%j leads nowhere", (uri) => expect(parseMatrixUri(uri)).toBeUndefined());

test("what is written is read as it was", () => {
  const localpart = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => isUserId(`@${text}:b`));
  fc.assert(
    fc.property(localpart, fc.constantFrom("@", "#", "!"), fc.boolean(), (local, sigil, withEvent) => {
      const id = `${sigil}${local}:example.org:8448`;
      fc.pre(isUserId(id) || isRoomId(id) || isRoomAlias(id));
      const eventId = `$${local}:example.org`;
      const link = {
        id,
        via: ["[::1]:80"],
        ...(withEvent && sigil !== "@" && isEventId(eventId) ? { eventId } : {}),
      } as MatrixLink;
      expect(parseMatrixUri(matrixUri(link))).toEqual(link);
      expect(parseMatrixUri(matrixToUri(link))).toEqual(link);
    }),
  );
});
