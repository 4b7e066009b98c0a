import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { unpaddedBase64 } from "./canonical-json/base64.ts";
import type { Sha256, SigningKey, Verify } from "./signing/crypto.ts";

/** The arguments that a host supplies, for tests: in plain JavaScript, so that the same tests run in a browser. */
const bytes = (data: Uint8Array | string): Uint8Array => (typeof data === "string" ? utf8ToBytes(data) : data);

export const sha256: Sha256 = (data) => digest(bytes(data));

export const verify: Verify = ({ publicKey, data, signature }) => {
  try {
    return ed25519.verify(Uint8Array.fromBase64(signature), bytes(data), Uint8Array.fromBase64(publicKey));
  } catch {
    return false;
  }
};

export function signingKey(keyId: string, seed: string): SigningKey {
  const secret = Uint8Array.fromBase64(seed);
  return {
    keyId,
    publicKey: unpaddedBase64(ed25519.getPublicKey(secret)),
    sign: (data) => unpaddedBase64(ed25519.sign(bytes(data), secret)),
  };
}
