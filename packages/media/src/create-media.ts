import type { ServerName } from "@croft/protocol";
import type { Clock, Lifecycle, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { AwaitedUploads } from "./download/awaited-uploads.ts";
import { MediaFiles } from "./files/media-files.ts";
import type { RemoteMedia } from "./ports.ts";
import { ImageScaler } from "./thumbnails/image-scaler.ts";
import { Thumbnails } from "./thumbnails/thumbnails.ts";

export type MediaDeps = {
  readonly storage: Storage<"media">;
  readonly clock: Clock;
  readonly random: Random;
  readonly serverName: ServerName;
  /** Where the files lie; nobody else writes there. */
  readonly folder: string;
  readonly maxUploadBytes: number;
  /** Whether media can also be had without an access token, at the deprecated paths; default false. */
  readonly legacyDownloads?: boolean;
  readonly remote: RemoteMedia;
};

/** Everything a use case of this package may ask for; each takes the part it names. */
export type Media = MediaDeps & {
  readonly files: MediaFiles;
  readonly awaited: AwaitedUploads;
  readonly scaler: ImageScaler;
  readonly thumbnails: Thumbnails;
};

export function createMedia(deps: MediaDeps): Media {
  const { storage, clock } = deps;
  const files = new MediaFiles({ ...deps, isReferenced: (sha256) => storage.read.media.isReferenced(sha256) });
  const scaler = new ImageScaler({ clock });
  return {
    ...deps,
    files,
    scaler,
    awaited: new AwaitedUploads({ clock }),
    thumbnails: new Thumbnails({ storage, files, scaler }),
  };
}

const PURGE_EVERY_MS = 60 * 60_000;

/** Prepares the folder, clears what a crash left half done, and forgets uploads that never came. */
export async function startMedia({ storage, clock, files, scaler }: Media, lifecycle: Lifecycle): Promise<void> {
  await files.start();
  lifecycle.onStop("thumbnails", () => scaler.close());
  lifecycle.every(clock, PURGE_EVERY_MS, "expired uploads", () =>
    storage.write(async (tx) => tx.media.purgeExpired(clock.now())),
  );
}
