import type { UserId } from "@croft/protocol";
import type { Media } from "../create-media.ts";
import type { Mxc } from "../ports.ts";
import { mediaType } from "./media-type.ts";
import { newMediaId } from "./new-media-id.ts";
import { checkSaidLength, type Upload } from "./upload.ts";

export type UploadContentDeps = Pick<Media, "storage" | "clock" | "random" | "serverName" | "files" | "maxUploadBytes">;

/** Stores an upload under a media id of its own. It is on disk, the file and what is known of it, when this resolves. */
export async function uploadContent(
  { storage, clock, random, serverName, files, maxUploadBytes }: UploadContentDeps,
  { userId, upload }: { userId: UserId; upload: Upload },
): Promise<Mxc> {
  checkSaidLength(upload, maxUploadBytes);
  const mediaId = newMediaId(random);
  const { fileName } = upload;
  const contentType = mediaType(upload.contentType);
  await files.keep(upload.bytes, {
    maxBytes: maxUploadBytes,
    record: (received) =>
      storage.write(async (tx) => {
        const content = { ...received, contentType, fileName };
        tx.media.insert({ mediaId, userId, createdTs: clock.now(), content });
      }),
  });
  return { serverName, mediaId };
}
