import { type JsonObject, type ServerName, type SignatureChecks, signedText, type Verify } from "@croft/protocol";

/**
 * For an event this server makes or has received: whose signatures stand on it was checked on receipt, or it is ours.
 * Answers for the servers in `signedBy`.
 */
export function signatureChecks({
  signedBy,
  verify,
}: {
  readonly signedBy: (server: ServerName) => boolean;
  readonly verify: Verify;
}): SignatureChecks {
  return {
    signedByServer: (_event, server) => signedBy(server),
    signedByKey: (signed, publicKeys) => isSignedByAny(signed, publicKeys, verify),
  };
}

/** Whether any ed25519 signature of a third-party invite's `signed` was made by any of the keys. */
function isSignedByAny(signed: JsonObject, publicKeys: readonly string[], verify: Verify): boolean {
  const { signatures } = signed;
  if (!isObject(signatures)) return false;
  const data = signedText(signed);
  for (const ofServer of Object.values(signatures)) {
    if (!isObject(ofServer)) continue;
    for (const [keyId, signature] of Object.entries(ofServer)) {
      if (!keyId.startsWith("ed25519:") || typeof signature !== "string") continue;
      const unpadded = signature.replace(/=+$/, "");
      if (publicKeys.some((publicKey) => verify({ publicKey, data, signature: unpadded }))) return true;
    }
  }
  return false;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
