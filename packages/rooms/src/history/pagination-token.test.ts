import { expect, test } from "vitest";
import {
  formatStreamToken,
  formatTopologicalToken,
  parsePaginationToken,
  parseStreamToken,
} from "./pagination-token.ts";

test("a token says what it was made from", () => {
  const stream = { position: 123, typing: 1_700_000_000_000 };
  expect(parseStreamToken(formatStreamToken(stream))).toMatchObject(stream);
  const leftOver = { ...stream, toDevice: 100 };
  expect(parseStreamToken(formatStreamToken(leftOver))).toMatchObject(leftOver);
  for (const upTo of [undefined, 99]) {
    const topological = { after: { depth: 2 ** 53 - 1, position: -5 }, upTo };
    expect(parsePaginationToken(formatTopologicalToken(topological))).toEqual({ kind: "topological", ...topological });
  }
});

test("the deepest event of the oldest room versions has a token", () => {
  const token = formatTopologicalToken({ after: { depth: 2 ** 63, position: 1 }, upTo: undefined });
  expect(parsePaginationToken(token)).toMatchObject({ after: { depth: 2 ** 63 } });
});

test("a sync is not taken up from a place in a room, nor from anything else", () => {
  for (const text of ["t1_1_1", "s1_1", "s1_1_1_1_1", "s1_1_1\n", "s1_9999999999999999_0", "s0_1_1", ""]) {
    expect(() => parseStreamToken(text), text).toThrow(expect.objectContaining({ errcode: "M_INVALID_PARAM" }));
  }
});
