import {
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto";
import type { Sha256, Sign, Verify } from "@croft/protocol";

/** Node's sha256. */
export const sha256: Sha256 = (data) => hash("sha256", data, "buffer");

const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");

/** An ed25519 signing key made from its 32-byte seed; the key object is built once. */
export function ed25519SigningKey(seed: Uint8Array): { readonly publicKey: string; readonly sign: Sign } {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    publicKey: unpadded(spki.subarray(SPKI_ED25519.length)),
    sign: (data) => unpadded(nodeSign(null, bytes(data), key)),
  };
}

const VERIFY_KEYS = 1_000;

/** Verifies with the public keys seen last kept as key objects: parsing one costs as much as a verification. */
export function ed25519Verifier(): Verify {
  const keys = new Map<string, KeyObject>();
  return ({ publicKey, data, signature }) => {
    let key = keys.get(publicKey);
    if (!key) {
      const raw = Buffer.from(publicKey, "base64");
      if (raw.length !== 32) return false;
      try {
        key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: "der", type: "spki" });
      } catch {
        return false;
      }
      const oldest = keys.keys().next();
      if (keys.size >= VERIFY_KEYS && !oldest.done) keys.delete(oldest.value);
      keys.set(publicKey, key);
    }
    return nodeVerify(null, bytes(data), key, Buffer.from(signature, "base64"));
  };
}

const bytes = (data: Uint8Array | string): Uint8Array => (typeof data === "string" ? Buffer.from(data, "utf8") : data);
const unpadded = (data: Uint8Array): string => Buffer.from(data).toString("base64").replace(/=+$/, "");
