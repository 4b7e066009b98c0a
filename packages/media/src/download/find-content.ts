import { invalidParam, isServerName, MatrixError, notFound } from "@croft/protocol";
import type { UploadedContent } from "@croft/storage";
import type { Media } from "../create-media.ts";
import type { Mxc } from "../ports.ts";

export type FindContentDeps = Pick<Media, "storage" | "clock" | "serverName" | "awaited" | "remote">;

/** The spec's default, and the most that is waited for an upload whatever the caller asks for. */
const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_TIMEOUT_MS = 60_000;

const unknownMedia = () => notFound("There is no such media");

/** Content by its `mxc:` address. Waits for an upload that was announced; M_NOT_YET_UPLOADED if it does not come. */
export async function findContent(
  { storage, clock, serverName, awaited, remote }: FindContentDeps,
  {
    mxc,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    allowRemote = true,
    signal,
  }: {
    mxc: Mxc;
    timeoutMs?: number | undefined;
    allowRemote?: boolean | undefined;
    signal: AbortSignal;
  },
): Promise<UploadedContent> {
  if (!isServerName(mxc.serverName)) throw invalidParam("serverName in the path is not the name of a server");
  const patience = { timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS), signal };
  if (mxc.serverName !== serverName) {
    const content = allowRemote ? await remote.get(mxc, patience) : undefined;
    if (!content) throw unknownMedia();
    return content;
  }
  const look = async () => {
    const media = await storage.read.media.get(mxc.mediaId);
    if (!media) throw unknownMedia();
    if (!media.content && (media.expiresTs ?? 0) <= clock.now()) throw unknownMedia();
    return media.content;
  };
  let content = await look();
  if (!content && timeoutMs > 0) content = await awaited.wait(mxc.mediaId, patience, look);
  if (!content) throw new MatrixError("M_NOT_YET_UPLOADED", "This media has not been uploaded yet");
  return content;
}
