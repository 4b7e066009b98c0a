/** The SHA-256 of bytes, or of a string's UTF-8. Synchronous, so that a caller's hot path stays so. */
export type Sha256 = (data: Uint8Array | string) => Uint8Array;

/** Signs with one ed25519 key; answers unpadded base64. */
export type Sign = (data: Uint8Array | string) => string;

/** Whether `signature` (unpadded base64) of `data` was made by `publicKey` (unpadded base64). Never throws. */
export type Verify = (args: {
  readonly publicKey: string;
  readonly data: Uint8Array | string;
  readonly signature: string;
}) => boolean;

/** A server's own signing key: its name among the server's keys (`ed25519:abc`) and how it signs. */
export type SigningKey = { readonly keyId: string; readonly publicKey: string; readonly sign: Sign };
