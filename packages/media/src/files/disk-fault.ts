import { StorageUnavailable } from "@croft/storage";

const REASONS: { readonly [code: string]: string } = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EIO: "the disk fails",
};

/** An error of the disk as one that a caller is told of; any other as it is. */
export function diskFault(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = REASONS[code];
  return reason === undefined ? error : new StorageUnavailable(`The file was not stored: ${reason}.`);
}
