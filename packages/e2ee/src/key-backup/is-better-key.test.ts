import { expect, test } from "vitest";
import { isBetterKey } from "./is-better-key.ts";

const rank = (isVerified: boolean, firstMessageIndex: number, forwardedCount: number) => ({
  isVerified,
  firstMessageIndex,
  forwardedCount,
});

test("a verified key comes before an unverified one, then the lower index counts, then the fewer forwards", () => {
  const fromBestToWorst = [
    rank(true, 1, 1),
    rank(true, 1, 2),
    rank(true, 2, 1),
    rank(false, 0, 0),
    rank(false, 0, 1),
    rank(false, 1, 0),
  ];
  fromBestToWorst.forEach((key, place) => {
    fromBestToWorst.forEach((than, placeOfOther) => {
      expect(isBetterKey(key, than)).toBe(place < placeOfOther);
    });
  });
});
