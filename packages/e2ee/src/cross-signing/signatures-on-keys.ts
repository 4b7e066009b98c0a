import { isJsonObject, type JsonObject, type JsonValue, type UserId } from "@croft/protocol";
import type { KeySignatureRecord } from "@croft/storage";

/** Signatures that came apart from the keys they are on. */
export class SignaturesOnKeys {
  readonly #byKey: ReadonlyMap<string, readonly KeySignatureRecord[]>;

  constructor(signatures: readonly KeySignatureRecord[]) {
    this.#byKey = Map.groupBy(signatures, ({ userId, keyId }) => `${userId} ${keyId}`);
  }

  /** The key with the signatures on it, beside those it has. */
  addTo(key: JsonObject, { userId, keyId }: { readonly userId: UserId; readonly keyId: string }): JsonObject {
    const added = this.#byKey.get(`${userId} ${keyId}`);
    if (added === undefined) return key;
    const present = key["signatures"];
    const signatures: { [signer: string]: JsonValue } = isJsonObject(present) ? { ...present } : {};
    for (const { signer, signingKeyId, signature } of added) {
      const ofSigner = signatures[signer];
      signatures[signer] = { ...(isJsonObject(ofSigner) ? ofSigner : {}), [signingKeyId]: signature };
    }
    return { ...key, signatures };
  }
}
