import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { claimExclusively } from "@croft/runtime";
import { CommandError } from "./command-error.ts";

/** Where things lie below the data folder. */
export type DataFolder = {
  readonly path: string;
  readonly database: string;
  readonly media: string;
  /** Commands reach a running server through it. */
  readonly socket: string;
};

/** Longest path a local socket can have on every system (sun_path, less its NUL). */
const MAX_SOCKET_PATH = 103;

export const dataFolder = (path: string): DataFolder => ({
  path,
  database: join(path, "croft.db"),
  media: join(path, "media"),
  socket: join(path, "croft.sock"),
});

/** Makes what is missing, readable by its owner only; throws where that cannot be. */
export async function prepareDataFolder({ path, media, socket }: DataFolder): Promise<void> {
  // The folder may be there already and open to others; what the database holds is for nobody else.
  process.umask(0o077);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Before the next folder is made: a recursive mkdir on a read-only disk fails with ENOENT, which tells nobody anything.
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    await mkdir(media, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new CommandError(`The data folder ${path} cannot be written: ${REASONS[code] ?? code}.`);
  }
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) {
    throw new CommandError(
      `The path of the data folder ${path} is too long for a socket inside it; use a shorter one.`,
      2,
    );
  }
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EEXIST: "there is a file of that name",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EROFS: "the disk is read-only",
};

/** Claims the data folder for this process until `release` or its end. */
export function lockDataFolder({ path }: DataFolder): { release(): void } {
  const claim = claimExclusively(join(path, "croft"));
  if (!claim.claimed) {
    throw new CommandError(`The data folder ${path} is in use by another Croft (process ${claim.holder}).`);
  }
  return claim;
}
