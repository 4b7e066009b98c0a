import { open } from "node:fs/promises";

/** JPEG, PNG, GIF, WebP, AVIF: what their files begin with, read as Latin-1. A dot is any byte. */
const SIGNATURES: readonly RegExp[] = [
  /^\xff\xd8\xff/,
  /^\x89PNG\r\n/,
  /^GIF8[79]a/,
  /^RIFF.{4}WEBP/s,
  /^.{4}ftypavi[fs]/s,
];

/**
 * Whether a file begins as an image that is scaled here, whatever its uploader calls it. All others (documents, vector
 * graphics, what is encrypted) never reach a decoder.
 */
export async function isScalable(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(16), position: 0 });
  const start = buffer.toString("latin1", 0, bytesRead);
  return SIGNATURES.some((signature) => signature.test(start));
}
