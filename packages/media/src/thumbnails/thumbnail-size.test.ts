import { expect, test } from "vitest";
import { thumbnailSize } from "./thumbnail-size.ts";

test.each([
  [1, 1, 320, 240],
  [320, 240, 320, 240],
  [320, 241, 640, 480],
  [300, 300, 640, 480],
  [800, 600, 800, 600],
  [1600, 1200, 1600, 1200],
  [1601, 1, 16_383, 16_383],
  [1e9, 1e9, 16_383, 16_383],
])("scaled to %i × %i, the thumbnail is made for %i × %i", (width, height, madeWidth, madeHeight) => {
  expect(thumbnailSize({ method: "scale", width, height })).toEqual({
    method: "scale",
    width: madeWidth,
    height: madeHeight,
  });
});

test.each([
  [32, 32, 32, 32],
  [33, 32, 96, 32],
  [64, 64, 96, 96],
  [320, 240, 320, 240],
  [800, 100, 800, 240],
])("cropped to %i × %i, the thumbnail is made for %i × %i", (width, height, madeWidth, madeHeight) => {
  expect(thumbnailSize({ method: "crop", width, height })).toEqual({
    method: "crop",
    width: madeWidth,
    height: madeHeight,
  });
});

test("a crop larger than any becomes the whole image", () => {
  expect(thumbnailSize({ method: "crop", width: 1601, height: 32 })).toEqual({
    method: "scale",
    width: 16_383,
    height: 16_383,
  });
});
