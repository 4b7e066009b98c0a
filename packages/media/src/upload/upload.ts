import { uploadTooLarge } from "../files/receive-file.ts";

/** An upload as it comes in. */
export type Upload = {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What the caller says of the bytes, unchecked. */
  readonly contentType: string | undefined;
  readonly contentLength: number | undefined;
  readonly fileName: string | undefined;
};

/** Refuses what says itself that it is too large, before any of it is read. */
export function checkSaidLength({ contentLength = 0 }: Upload, maxUploadBytes: number): void {
  if (contentLength > maxUploadBytes) throw uploadTooLarge(maxUploadBytes);
}
