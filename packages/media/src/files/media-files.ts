import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { KeyedLock, opaqueId, type Random } from "@croft/runtime";
import { StorageUnavailable } from "@croft/storage";
import { diskFault } from "./disk-fault.ts";
import { type ReceivedFile, receiveFile } from "./receive-file.ts";

export type MediaFilesDeps = {
  readonly folder: string;
  readonly random: Random;
  /** Whether a row needs the file of this hash. */
  readonly isReferenced: (sha256: string) => Promise<boolean>;
};

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Files named by the hash of what they hold: `ab/cd/abcd…`. A file is whole, synced and in its place before a row may
 * name it. Below `incoming/` lie parts of uploads, and for each file whose row is being written an empty marker of its
 * name, so that after a crash the files that no row came to name are found without searching.
 */
export class MediaFiles {
  readonly #deps: MediaFilesDeps;
  readonly #incoming: string;
  /** Placing a file and dropping it for want of a row exclude each other. */
  readonly #lock = new KeyedLock<string>();
  readonly #syncedFolders = new Set<string>();

  constructor(deps: MediaFilesDeps) {
    this.#deps = deps;
    this.#incoming = join(deps.folder, "incoming");
  }

  /** Makes the folder and clears what a crash left. Before any other call. */
  async start(): Promise<void> {
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    await syncFolder(join(this.#deps.folder, ".."));
    for (const name of await readdir(this.#incoming)) {
      if (SHA256.test(name)) await this.#dropUnlessReferenced(name);
      else await rm(join(this.#incoming, name), { force: true });
    }
  }

  /**
   * Stores bytes and calls `record`, which writes the row. M_TOO_LARGE past `maxBytes`. Whatever fails, no part of the
   * file stays behind; a row that may have been stored although its commit failed is looked for at the next start.
   */
  async keep(
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    { maxBytes, record }: { maxBytes: number; record: (received: ReceivedFile) => Promise<void> },
  ): Promise<ReceivedFile> {
    const part = join(this.#incoming, `${opaqueId(this.#deps.random)}.part`);
    try {
      const received = await receiveFile(part, bytes, maxBytes);
      await this.#lock.run(received.sha256, () => this.#place(part, received, record));
      return received;
    } catch (error) {
      await rm(part, { force: true });
      throw diskFault(error);
    }
  }

  /** Opens a file that a row names. */
  async read(sha256: string): Promise<Readable> {
    return (await open(this.path(sha256))).createReadStream();
  }

  path(sha256: string): string {
    return join(this.#folderOf(sha256), sha256);
  }

  async #place(part: string, received: ReceivedFile, record: (received: ReceivedFile) => Promise<void>): Promise<void> {
    const { sha256 } = received;
    const folder = this.#folderOf(sha256);
    await this.#makeFolder(folder);
    await writeFile(this.#marker(sha256), "", { mode: 0o600 });
    try {
      // The same content that is there already is replaced by its equal, at once and without a gap.
      await rename(part, this.path(sha256));
      await syncFolder(folder);
      await record(received);
    } catch (error) {
      // The marker stays if only a lost database knows whether there is a row.
      if (!(error instanceof StorageUnavailable)) await this.#dropUnlessReferenced(sha256);
      throw error;
    }
    await rm(this.#marker(sha256), { force: true });
  }

  async #dropUnlessReferenced(sha256: string): Promise<void> {
    if (!(await this.#deps.isReferenced(sha256))) await rm(this.path(sha256), { force: true });
    await rm(this.#marker(sha256), { force: true });
  }

  /** A folder is on disk once those above it are synced; one found there may be a crashed process's, so it is too. */
  async #makeFolder(folder: string): Promise<void> {
    if (this.#syncedFolders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(join(folder, ".."));
    await syncFolder(this.#deps.folder);
    this.#syncedFolders.add(folder);
  }

  #folderOf(sha256: string): string {
    return join(this.#deps.folder, sha256.slice(0, 2), sha256.slice(2, 4));
  }

  #marker(sha256: string): string {
    return join(this.#incoming, sha256);
  }
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
