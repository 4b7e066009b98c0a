import sharp, { type Metadata } from "sharp";
import type { ThumbnailSize } from "./thumbnail-size.ts";

/** What the thread that scales is told. */
export type ScaleJob = ThumbnailSize & { readonly path: string };

/** What it answers. `asIs`: the image is no larger than the thumbnail would be. */
export type Scaled =
  | { readonly kind: "image"; readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly kind: "asIs"; readonly contentType: string }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "undecodable" };

/** Decoded, an image of so many pixels takes 400 MB at worst. */
const MAX_PIXELS = 100_000_000;
const MAX_SECONDS = 20;

// One job runs at a time, and no image comes twice: what libvips keeps for that would only take memory.
sharp.cache(false);
sharp.concurrency(1);
// Every loader is a way in: only those of the formats that are scaled stay open.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpeg",
    "VipsForeignLoadPng",
    "VipsForeignLoadNsgif",
    "VipsForeignLoadWebp",
    "VipsForeignLoadHeif",
  ],
});

/** Scales the first frame of an image, turned as its camera was held, without what else its file says. */
export async function scaleImage(job: ScaleJob): Promise<Scaled> {
  try {
    const metadata = await sharp(job.path, { limitInputPixels: false }).metadata();
    if (metadata.width * metadata.height > MAX_PIXELS) return { kind: "tooLarge" };
    return staysAsIs(metadata, job) ?? (await scaled(metadata, job));
  } catch {
    return { kind: "undecodable" };
  }
}

/** The spec wants the original where it is small already; an animation, or what has to be turned, is still redrawn. */
function staysAsIs({ format, pages = 1, orientation = 1, autoOrient }: Metadata, job: ScaleJob): Scaled | undefined {
  const fits = autoOrient.width <= job.width && autoOrient.height <= job.height;
  // Whether a PNG is animated cannot be told from its metadata.
  const still = (format === "jpeg" || format === "gif" || format === "webp") && pages === 1;
  return fits && still && orientation === 1 ? { kind: "asIs", contentType: `image/${format}` } : undefined;
}

async function scaled({ autoOrient, hasAlpha, format }: Metadata, job: ScaleJob): Promise<Scaled> {
  const { width, height } = sizeWithin(autoOrient, job);
  const lossless = format === "png" && width === autoOrient.width && height === autoOrient.height;
  const output = lossless ? "png" : hasAlpha ? "webp" : "jpeg";
  const bytes = await sharp(job.path, { limitInputPixels: MAX_PIXELS, failOn: "error", autoOrient: true })
    .timeout({ seconds: MAX_SECONDS })
    .resize(width, height, { fit: job.method === "crop" ? "cover" : "fill" })
    .toFormat(output)
    .toBuffer();
  return { kind: "image", bytes, contentType: `image/${output}` };
}

type Sides = { readonly width: number; readonly height: number };

/** The thumbnail's size: never larger than the image; a crop has the aspect that was asked for, a scaled image its own. */
function sizeWithin(image: Sides, { method, width, height }: ScaleJob): Sides {
  if (method === "crop") {
    const shrink = Math.min(1, image.width / width, image.height / height);
    return { width: atLeastOne(width * shrink), height: atLeastOne(height * shrink) };
  }
  const shrink = Math.min(1, width / image.width, height / image.height);
  return { width: atLeastOne(image.width * shrink), height: atLeastOne(image.height * shrink) };
}

const atLeastOne = (length: number): number => Math.max(1, Math.round(length));
