/** https://spec.matrix.org/v1.19/appendices/#unpadded-base64 */
export const unpaddedBase64 = (bytes: Uint8Array): string => bytes.toBase64({ omitPadding: true });

/** https://spec.matrix.org/v1.19/appendices/#url-safe-unpadded-base64 */
export const urlSafeUnpaddedBase64 = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });
