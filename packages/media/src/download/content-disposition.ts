import { essenceOf } from "../upload/media-type.ts";

/** What browsers only ever show as what it says it is. https://spec.matrix.org/v1.19/client-server-api/#serving-inline-content */
const INLINE_TYPES: ReadonlySet<string> = new Set([
  "text/css",
  "text/plain",
  "text/csv",
  "application/json",
  "application/ld+json",
  "image/jpeg",
  "image/gif",
  "image/png",
  "image/apng",
  "image/webp",
  "image/avif",
  "video/mp4",
  "video/webm",
  "video/ogg",
  "video/quicktime",
  "audio/mp4",
  "audio/webm",
  "audio/aac",
  "audio/mpeg",
  "audio/ogg",
  "audio/wave",
  "audio/wav",
  "audio/x-wav",
  "audio/x-pn-wav",
  "audio/flac",
  "audio/x-flac",
]);

/** How a browser should treat content, and the name to save it as. https://www.rfc-editor.org/rfc/rfc6266 */
export function contentDisposition(contentType: string, fileName: string | undefined): string {
  const disposition = INLINE_TYPES.has(essenceOf(contentType)) ? "inline" : "attachment";
  // Control characters are in no file's name, and a line break would be a header of the uploader's own.
  const name = fileName?.toWellFormed().replace(/\p{Cc}/gu, "");
  if (name === undefined || name === "") return disposition;
  if (/^[\x20-\x7e]*$/.test(name) && !/["\\%]/.test(name)) return `${disposition}; filename="${name}"`;
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${extValue(name)}`;
}

/** https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1: what encodeURIComponent leaves, less what is not allowed there. */
const extValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
