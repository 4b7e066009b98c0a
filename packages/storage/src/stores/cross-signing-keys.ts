import type { UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#cross-signing */
export type CrossSigningUsage = "master" | "self_signing" | "user_signing";

export type CrossSigningKeyRecord = {
  readonly userId: UserId;
  readonly usage: CrossSigningUsage;
  /** Unpadded base64: its name among the user's keys. */
  readonly publicKey: string;
  /** Canonical JSON of what was uploaded. */
  readonly key: string;
};

/** A signature that was uploaded apart from the key it is on. */
export type KeySignatureRecord = {
  readonly userId: UserId;
  /** The device whose keys are signed, or the public key of a cross-signing key. */
  readonly keyId: string;
  readonly signer: UserId;
  /** `ed25519:…` */
  readonly signingKeyId: string;
  readonly signature: string;
};

export interface CrossSigningKeyReader {
  ofUsers(userIds: readonly UserId[]): Promise<CrossSigningKeyRecord[]>;
  /** Signatures on these users' keys made by themselves or by `viewer`: nobody sees whom others have verified. */
  signaturesOn(userIds: readonly UserId[], viewer: UserId): Promise<KeySignatureRecord[]>;
}

export interface CrossSigningKeyStore extends CrossSigningKeyReader {
  /** Replaces the user's key of that usage. Guarded: fails unless that still has the public key `basedOn`. */
  set(key: CrossSigningKeyRecord, basedOn: string | undefined): void;
  /** Changes nothing. Guarded: fails unless the user's key of that usage is this one. */
  requireKey(key: CrossSigningKeyRecord): void;
  delete(userId: UserId, usage: CrossSigningUsage): void;
  addSignature(signature: KeySignatureRecord): void;
  /** Signatures on these keys, whoever made them. */
  deleteSignatures(userId: UserId, keyIds: readonly string[]): void;
  /** Signatures made with this key, on whatever. */
  deleteSignaturesBy(signer: UserId, signingKeyId: string): void;
  /** Keys, and signatures on and by them. */
  deleteAll(userId: UserId): void;
}
