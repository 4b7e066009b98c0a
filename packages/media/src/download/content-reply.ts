import { RawReply } from "@croft/http";
import type { MediaContent } from "@croft/storage";
import type { Media } from "../create-media.ts";
import { contentDisposition } from "./content-disposition.ts";

/** The policy that the spec recommends. https://spec.matrix.org/v1.19/client-server-api/#content-repository */
const CONTENT_SECURITY_POLICY =
  "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src 'unsafe-inline'; object-src 'self';";

/** What an address names never changes. */
const CACHE_SECONDS = 365 * 24 * 60 * 60;

/** Content from its file, with what keeps a browser from running it as a page of this server. */
export async function contentReply(
  { files }: Pick<Media, "files">,
  { sha256, size, contentType }: MediaContent,
  { fileName, cache }: { fileName: string | undefined; cache: "private" | "public" },
): Promise<RawReply> {
  return new RawReply({
    headers: {
      "content-type": contentType,
      "content-length": String(size),
      "content-disposition": contentDisposition(contentType, fileName),
      "cache-control": `${cache}, max-age=${CACHE_SECONDS}, immutable`,
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
    body: await files.read(sha256),
  });
}
