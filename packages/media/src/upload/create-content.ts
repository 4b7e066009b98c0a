import { MatrixError, type UserId } from "@croft/protocol";
import type { Media } from "../create-media.ts";
import type { Mxc } from "../ports.ts";
import { newMediaId } from "./new-media-id.ts";

export type CreateContentDeps = Pick<Media, "storage" | "clock" | "random" | "serverName">;

/** The spec's recommendation. */
const EXPIRES_AFTER_MS = 24 * 60 * 60_000;
const MAX_PENDING_UPLOADS = 20;

/** Makes a media id to be uploaded to later; M_LIMIT_EXCEEDED while too many of the user's wait for that. */
export async function createContent(
  { storage, clock, random, serverName }: CreateContentDeps,
  userId: UserId,
): Promise<{ mxc: Mxc; expiresTs: number }> {
  const mediaId = newMediaId(random);
  const createdTs = clock.now();
  const expiresTs = createdTs + EXPIRES_AFTER_MS;
  await storage.write(async (tx) => {
    if ((await tx.media.countPending(userId, createdTs)) >= MAX_PENDING_UPLOADS) {
      throw new MatrixError("M_LIMIT_EXCEEDED", `No more than ${MAX_PENDING_UPLOADS} uploads may be pending`);
    }
    tx.media.createPending({ mediaId, userId, createdTs, expiresTs }, MAX_PENDING_UPLOADS);
  });
  return { mxc: { serverName, mediaId }, expiresTs };
}
