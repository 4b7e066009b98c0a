import type { JsonObject } from "../json.ts";
import type { Verify } from "../signing/crypto.ts";
import { signedText } from "../signing/sign-json.ts";
import type { SignatureChecks } from "./auth-question.ts";
import { isObject, objectIn } from "./fields.ts";

/** Tries every signature of the signed JSON, whoever it is said to be from, with every key: rule 5.4.1.7 asks for any. */
export const signedByKey =
  (verify: Verify): SignatureChecks["signedByKey"] =>
  (signed: JsonObject, publicKeys: readonly string[]) => {
    const signatures = Object.values(objectIn(signed, "signatures") ?? {})
      .flatMap((ofSigner) => (isObject(ofSigner) ? Object.entries(ofSigner) : []))
      .filter(([keyId]) => keyId.startsWith("ed25519:"))
      .map(([, signature]) => signature)
      .filter((signature) => typeof signature === "string");
    if (signatures.length === 0 || publicKeys.length === 0) return false;
    const data = signedText(signed);
    return signatures.some((signature) =>
      publicKeys.some((publicKey) =>
        verify({ publicKey: withoutPadding(publicKey), data, signature: withoutPadding(signature) }),
      ),
    );
  };

const withoutPadding = (base64: string): string => base64.replace(/=+$/, "");
