import { forbidden, MatrixError, notFound, type UserId } from "@croft/protocol";
import type { MediaRecord } from "@croft/storage";
import type { Media } from "../create-media.ts";
import type { Mxc } from "../ports.ts";
import { mediaType } from "./media-type.ts";
import { checkSaidLength, type Upload } from "./upload.ts";

export type UploadContentToMxcDeps = Pick<
  Media,
  "storage" | "clock" | "serverName" | "files" | "awaited" | "maxUploadBytes"
>;

/** Gives a media id made before its content, once, and wakes who waits for it. */
export async function uploadContentToMxc(
  { storage, clock, serverName, files, awaited, maxUploadBytes }: UploadContentToMxcDeps,
  { userId, mxc, upload }: { userId: UserId; mxc: Mxc; upload: Upload },
): Promise<void> {
  const { mediaId } = mxc;
  const startedTs = clock.now();
  const check = (media: MediaRecord | undefined) => {
    if (!media || mxc.serverName !== serverName) throw notFound("This media id was not created here, or has expired");
    if (media.userId !== userId) throw forbidden("This media id is somebody else's");
    if (media.content) throw new MatrixError("M_CANNOT_OVERWRITE_MEDIA", "This media has been uploaded already");
    // An upload that was begun in time may end later.
    if ((media.expiresTs ?? 0) <= startedTs) throw notFound("This media id has expired");
  };
  check(await storage.read.media.get(mediaId));
  checkSaidLength(upload, maxUploadBytes);
  const { fileName } = upload;
  const contentType = mediaType(upload.contentType);
  await files.keep(upload.bytes, {
    maxBytes: maxUploadBytes,
    record: (received) =>
      storage.write(async (tx) => {
        check(await tx.media.get(mediaId));
        tx.media.setContent(mediaId, { ...received, contentType, fileName });
      }),
  });
  awaited.arrived(mediaId);
}
