import { normalisedBase64 } from "../canonical-json/base64.ts";
import { canonicalJson } from "../canonical-json/canonical-json.ts";
import type { ServerName } from "../identifiers/types.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { SigningKey, Verify } from "./crypto.ts";

/** Signatures by signer (a server; for device keys a user) and key id. */
export type Signatures = { readonly [signer: string]: { readonly [keyId: string]: string } };

export type Signer = { readonly serverName: ServerName; readonly key: SigningKey };

/** Whose signature to check; a key unknown or no longer valid is undefined. */
export type SignatureCheck = {
  readonly serverName: ServerName;
  readonly publicKey: (keyId: string) => string | undefined;
  readonly verify: Verify;
};

/**
 * A copy of an object with a signature more; those it has stay, and `unsigned` stays outside.
 * https://spec.matrix.org/v1.19/appendices/#signing-details
 */
export function signJson<T extends JsonObject>(object: T, signer: Signer): T & { readonly signatures: Signatures } {
  return { ...object, signatures: addSignature(object["signatures"], signedText(object), signer) };
}

/** Whether an object bears a valid signature of a server. https://spec.matrix.org/v1.19/appendices/#checking-for-a-signature */
export const verifyJson = (object: JsonObject, check: SignatureCheck): boolean =>
  verifySignatures(object["signatures"], () => signedText(object), check);

/** The text that {@link signJson} signs. */
export function signedText(object: JsonObject): string {
  const { signatures, unsigned, ...signed } = object;
  return canonicalJson(signed);
}

/** The signatures of an object together with a server's over `text`. */
export function addSignature(signatures: JsonValue | undefined, text: string, { serverName, key }: Signer): Signatures {
  const present = (isJsonObject(signatures) ? signatures : {}) as Signatures;
  return { ...present, [serverName]: { ...present[serverName], [key.keyId]: key.sign(text) } };
}

/**
 * Whether every signature of the server by a key that is known holds, and there is one. Keys unknown and algorithms not
 * understood are passed over; the text is asked for only when there is something to check.
 */
export function verifySignatures(
  signatures: JsonValue | undefined,
  text: () => string,
  { serverName, publicKey, verify }: SignatureCheck,
): boolean {
  const ofServer = isJsonObject(signatures) ? signatures[serverName] : undefined;
  if (!isJsonObject(ofServer)) return false;
  let data: string | undefined;
  for (const [keyId, signature] of Object.entries(ofServer)) {
    if (!keyId.startsWith("ed25519:")) continue;
    const known = publicKey(keyId);
    if (known === undefined) continue;
    const unpadded = typeof signature === "string" ? normalisedBase64(signature) : undefined;
    if (unpadded === undefined) return false;
    data ??= text();
    if (!verify({ publicKey: known, data, signature: unpadded })) return false;
  }
  return data !== undefined;
}
