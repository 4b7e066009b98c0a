import { expect, test } from "vitest";
import { sha1Hex } from "./sha1.ts";

test.each([
  ["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"],
  ["a".repeat(1000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"],
  ["héllo 🌍", "3d100d877e936e4baff8c55a424233d2383c315f"],
])("SHA-1 of %j", (text, hex) => {
  expect(sha1Hex(text)).toBe(hex);
});

test("SHA-1 pads every length of the last block", () => {
  const digests = Array.from({ length: 130 }, (_, length) => sha1Hex("x".repeat(length)));
  expect(new Set(digests).size).toBe(130);
  expect(digests[55]).toBe("cef734ba81a024479e09eb5a75b6ddae62e6abf1");
  expect(digests[56]).toBe("901305367c259952f4e7af8323f480d59f81335b");
  expect(digests[64]).toBe("bb2fa3ee7afb9f54c6dfb5d021f14b1ffe40c163");
});
