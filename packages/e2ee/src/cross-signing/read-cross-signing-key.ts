import {
  invalidParam,
  isJsonObject,
  type JsonObject,
  MatrixError,
  normalisedBase64,
  type UserId,
  type Verify,
  verifyJson,
} from "@croft/protocol";
import type { CrossSigningKeyRecord, CrossSigningUsage } from "@croft/storage";
import { signedKeyText } from "../device-keys/key-objects.ts";

/** A cross-signing key as it is uploaded. Signatures of others on it are not kept: they come by their signers. */
export function readCrossSigningKey(
  key: JsonObject,
  { userId, usage }: { readonly userId: UserId; readonly usage: CrossSigningUsage },
): CrossSigningKeyRecord {
  const named = `The ${usage} key`;
  if (key["user_id"] !== userId) throw invalidParam(`${named} is not yours`);
  const usages = key["usage"];
  if (!Array.isArray(usages) || !usages.includes(usage)) throw invalidParam(`${named} has another usage`);
  const entries = Object.entries(isJsonObject(key["keys"]) ? key["keys"] : {});
  const [keyId, publicKey] = entries[0] ?? [];
  if (entries.length !== 1 || typeof publicKey !== "string" || keyId !== `ed25519:${publicKey}`) {
    throw invalidParam(`${named} is not named ed25519:<its own base64>`);
  }
  if (publicKey === "" || normalisedBase64(publicKey) !== publicKey) {
    throw invalidParam(`${named} is not in unpadded base64`);
  }
  const ofUser = isJsonObject(key["signatures"]) ? key["signatures"][userId] : undefined;
  const signatures = isJsonObject(ofUser) ? { [userId]: ofUser } : {};
  return { userId, usage, publicKey, key: signedKeyText({ ...key, signatures }) };
}

/** Throws unless the key bears a valid signature of its owner's master key. */
export function requireSignedByMaster(
  { userId, usage, key }: CrossSigningKeyRecord,
  { masterKey, verify }: { readonly masterKey: string; readonly verify: Verify },
): void {
  const publicKey = (keyId: string) => (keyId === `ed25519:${masterKey}` ? masterKey : undefined);
  if (verifyJson(JSON.parse(key) as JsonObject, { serverName: userId, publicKey, verify })) return;
  throw new MatrixError("M_INVALID_SIGNATURE", `The ${usage} key is not signed by the master key`);
}
