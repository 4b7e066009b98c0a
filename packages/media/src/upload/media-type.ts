export const OCTET_STREAM = "application/octet-stream";

/** `type/subtype` and visible parameters: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t]*;[\x20-\x7e\t]*)?$/;
const MAX_LENGTH = 255;

/** The type to keep for an upload: the one it came with, or the one for bytes nobody knows. */
export function mediaType(contentType: string | undefined): string {
  if (contentType === undefined || contentType.length > MAX_LENGTH) return OCTET_STREAM;
  return MEDIA_TYPE.test(contentType) ? contentType : OCTET_STREAM;
}

/** `text/html` of `Text/HTML; charset=utf-8`. */
export const essenceOf = (contentType: string): string => (contentType.split(";")[0] ?? "").trim().toLowerCase();
