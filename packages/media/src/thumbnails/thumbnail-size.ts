import type { ThumbnailKey } from "@croft/storage";

export type ThumbnailSize = Pick<ThumbnailKey, "method" | "width" | "height">;

/** The spec's sizes, one for screens of twice the density, and one that holds every image: that is never scaled. */
const SCALE_BOXES = [
  [320, 240],
  [640, 480],
  [800, 600],
  [1600, 1200],
] as const;
const WHOLE: ThumbnailSize = { method: "scale", width: 16_383, height: 16_383 };

/** The edges of the spec's sizes: a crop has an aspect of its own, and still there are few of them. */
const CROP_EDGES = [32, 96, 240, 320, 480, 600, 640, 800, 1200, 1600] as const;

/**
 * The size that is made for the size that is asked for: the next larger of a fixed few, so that no caller fills the
 * disk with sizes. https://spec.matrix.org/v1.19/client-server-api/#thumbnails
 */
export function thumbnailSize({ method, width, height }: ThumbnailSize): ThumbnailSize {
  if (method === "crop") {
    const edgeFor = (length: number) => CROP_EDGES.find((edge) => edge >= length);
    const [cropWidth, cropHeight] = [edgeFor(width), edgeFor(height)];
    return cropWidth && cropHeight ? { method, width: cropWidth, height: cropHeight } : WHOLE;
  }
  const box = SCALE_BOXES.find(([boxWidth, boxHeight]) => boxWidth >= width && boxHeight >= height);
  return box ? { method, width: box[0], height: box[1] } : WHOLE;
}
