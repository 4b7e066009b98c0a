import { describe, expect, test } from "vitest";
import {
  isCompliantUserId,
  isEventId,
  isRoomAlias,
  isRoomId,
  isUserId,
  isValidLocalpart,
  localpartOf,
  serverNameOf,
} from "./identifiers.ts";
import { isServerName, parseServerName } from "./server-name.ts";
import { exceedsUtf8, utf8Length } from "./utf8-length.ts";

const HASH = "Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";

describe("server names", () => {
  test.each([
    ["matrix.org", { kind: "dns", host: "matrix.org", port: undefined }],
    ["matrix.org:8888", { kind: "dns", host: "matrix.org", port: 8888 }],
    ["1.2.3.4:1234", { kind: "ipv4", host: "1.2.3.4", port: 1234 }],
    ["[1234:5678::abcd]", { kind: "ipv6", host: "1234:5678::abcd", port: undefined }],
    ["[::ffff:1.2.3.4]:5678", { kind: "ipv6", host: "::ffff:1.2.3.4", port: 5678 }],
    ["localhost", { kind: "dns", host: "localhost", port: undefined }],
    ["1.2.3", { kind: "dns", host: "1.2.3", port: undefined }],
  ])("%s is read", (name, parts) => expect(parseServerName(name)).toEqual(parts));

  test.each(["[::]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:1.2.3.4]", "[1::8]", "[::1]", "xn--bcher-kva.example", "A.b"])(
    "%s is one",
    (name) => expect(isServerName(name)).toBe(true),
  );

  test.each([
    "",
    ":8448",
    "matrix.org:",
    "matrix.org:123456",
    "matrix.org:65536",
    "matrix.org:80a",
    "a b",
    "ma_trix.org",
    "bücher.example",
    "256.1.1.1",
    "1.2.3.4.:",
    "[]",
    "[::1",
    "::1",
    "[1:2:3:4:5:6:7]",
    "[1:2:3:4:5:6:7:8:9]",
    "[1::2::3]",
    "[:::]",
    "[12345::]",
    "[1:2:3:4:5:6:7:8::]",
    "[1.2.3.4::]",
    "[::1.2.3.400]",
    "[:1]",
    "[::1]x",
    "https://matrix.org",
    "matrix.org/",
    "a\n",
  ])("%j is none", (name) => expect(isServerName(name)).toBe(false));
});

describe("user ids", () => {
  test.each([
    "@alice:example.org",
    "@a:[::1]:8448",
    "@Alice Smith:example.org",
    "@ünïcode\u{1F600}:example.org",
    "@:example.org",
    "@\u0001:example.org",
  ])("%j may stand in an event", (id) => expect(isUserId(id)).toBe(true));

  test.each([
    "",
    "@",
    "@alice",
    "alice:example.org",
    "@alice:",
    "@al:ice:example.org",
    "@a\0:example.org",
    "@\ud800:example.org",
    "#a:example.org",
  ])("%j may not", (id) => expect(isUserId(id)).toBe(false));

  test("may take 255 bytes, not characters", () => {
    expect(isUserId(`@${"a".repeat(252)}:b`)).toBe(true);
    expect(isUserId(`@${"a".repeat(253)}:b`)).toBe(false);
    expect(isUserId(`@${"é".repeat(126)}:b`)).toBe(true);
    expect(isUserId(`@${"é".repeat(127)}:b`)).toBe(false);
  });

  test("outside the printable ASCII of localparts stay inside events", () => {
    expect(isCompliantUserId("@Alice!:example.org")).toBe(true);
    for (const id of ["@:example.org", "@a b:example.org", "@é:example.org"]) expect(isCompliantUserId(id)).toBe(false);
  });

  test("are made of lower case letters, digits and seven signs for new accounts", () => {
    expect(isValidLocalpart("abc.09_=-/+")).toBe(true);
    for (const localpart of ["", "Alice", "a b", "a@b", "a:b", "é", "a\n"])
      expect(isValidLocalpart(localpart)).toBe(false);
  });
});

test("a room id has a server, or is a hash", () => {
  for (const id of ["!opaque:example.org", "!a/b c:example.org:8448", `!${HASH}`]) expect(isRoomId(id)).toBe(true);
  for (const id of ["!", "!:example.org", "!opaque", `!${HASH}a`, `!${HASH}:`, "!a:b:c", `$${HASH}`])
    expect(isRoomId(id)).toBe(false);
});

test("a room alias has a localpart and a server", () => {
  for (const id of ["#room:example.org", "#räum e:example.org"]) expect(isRoomAlias(id)).toBe(true);
  for (const id of ["#room", "#:example.org", "#a\0b:example.org", "room:example.org"])
    expect(isRoomAlias(id)).toBe(false);
});

test("an event id has a server, or is a hash in either alphabet", () => {
  const standard = "$acR1l0raoZnm60CBwAVgqbZqoO/mYU81xysh1u7XcJk";
  for (const id of ["$1:example.org", standard, `$${HASH}`]) expect(isEventId(id)).toBe(true);
  for (const id of ["$", "$abc", "$:example.org", `${standard}=`, `$${HASH}:`]) expect(isEventId(id)).toBe(false);
});

test("the server of an identifier keeps its port, and a hash has none", () => {
  expect(serverNameOf("@alice:[::1]:8448")).toBe("[::1]:8448");
  expect(serverNameOf(`!${HASH}`)).toBeUndefined();
  expect(localpartOf("@alice:example.org:80")).toBe("alice");
});

test("bytes are counted as UTF-8 spells them", () => {
  const encoder = new TextEncoder();
  for (const text of ["", "abc", "é", "日本", "\u{1F600}x", "\ud800", "\udc00\ud800", "x\ud800"]) {
    const bytes = encoder.encode(text).length;
    expect(utf8Length(text)).toBe(bytes);
    expect(exceedsUtf8(text, bytes)).toBe(false);
    expect(exceedsUtf8(`${text}x`, bytes)).toBe(true);
  }
});
