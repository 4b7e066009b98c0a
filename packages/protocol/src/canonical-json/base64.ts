/** https://spec.matrix.org/v1.19/appendices/#unpadded-base64 */
export const unpaddedBase64 = (bytes: Uint8Array): string => bytes.toBase64({ omitPadding: true });

/** https://spec.matrix.org/v1.19/appendices/#url-safe-unpadded-base64 */
export const urlSafeUnpaddedBase64 = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });

/**
 * Base64 as {@link unpaddedBase64} would write it, from however it came: padded or not, unused bits set or not. Undefined
 * when it is no base64.
 */
export function normalisedBase64(text: string): string | undefined {
  try {
    return unpaddedBase64(Uint8Array.fromBase64(text));
  } catch {
    return undefined;
  }
}
