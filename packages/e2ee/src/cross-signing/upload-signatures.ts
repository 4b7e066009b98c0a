import type { Requester } from "@croft/http";
import {
  isJsonObject,
  type JsonObject,
  MatrixError,
  notFound,
  type ServerName,
  signedText,
  type UserId,
  type Verify,
  verifySignatures,
} from "@croft/protocol";
import type { CrossSigningKeyRecord, KeySignatureRecord, Storage } from "@croft/storage";
import { DEFAULT_TIMEOUT_MS } from "../device-keys/claim-keys.ts";
import { partitionUsers } from "../device-keys/user-ids.ts";
import { announceDeviceListChange } from "../device-lists/announce-device-list-change.ts";
import type { KeysByUser, RemoteKeys } from "../ports.ts";

export type UploadSignaturesDeps = {
  readonly storage: Storage<"crossSigningKeys" | "deviceKeys" | "deviceLists" | "memberships">;
  readonly serverName: ServerName;
  readonly verify: Verify;
  readonly remoteKeys: Pick<RemoteKeys, "query">;
};

/** By user and key id, why a signature was not taken. */
export type SignatureFailures = { readonly [userId: UserId]: { readonly [keyId: string]: JsonObject } };

/** A key that may be signed, and the public keys of the signer it may be signed with, by key id. */
type Signable = { readonly key: JsonObject; readonly signingKeys: ReadonlyMap<string, string> };

/**
 * Takes signatures on the signer's own devices by their self-signing key, on their own master key by their devices, and
 * on the master keys of others by their user-signing key.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keyssignaturesupload
 */
export async function uploadSignatures(
  deps: UploadSignaturesDeps,
  {
    requester: { userId: signer },
    signed,
  }: {
    readonly requester: Requester;
    readonly signed: { readonly [userId: string]: { readonly [keyId: string]: JsonObject } };
  },
): Promise<SignatureFailures> {
  const { storage, verify } = deps;
  const { local, remote } = partitionUsers(signed, deps.serverName);
  const signable = await signableKeys(deps, { signer, local: [...local.keys()], remote: [...remote.keys()] });
  const taken: KeySignatureRecord[] = [];
  const failures: { [userId: UserId]: { [keyId: string]: JsonObject } } = {};
  for (const [userId, objects] of [...local, ...remote]) {
    for (const [keyId, object] of Object.entries(objects)) {
      const signatures = signaturesIn(object, signable.get(userId)?.get(keyId), { signer, verify });
      if (signatures instanceof MatrixError) {
        failures[userId] = { ...failures[userId], [keyId]: signatures.toJSON() as JsonObject };
      } else for (const signature of signatures) taken.push({ userId, keyId, signer, ...signature });
    }
  }
  if (taken.length > 0) {
    await storage.write(async (tx) => {
      for (const signature of taken) tx.crossSigningKeys.addSignature(signature);
      const users = new Set(taken.map(({ userId }) => userId));
      if (users.delete(signer)) await announceDeviceListChange(tx, signer);
      for (const userId of users) tx.deviceLists.setChangedFor(signer, userId);
    });
  }
  return failures;
}

/** The signatures of the signer on an object, if it is the key it says it is and they hold; else why not. */
function signaturesIn(
  object: JsonObject,
  signable: Signable | undefined,
  { signer, verify }: { readonly signer: UserId; readonly verify: Verify },
): { readonly signingKeyId: string; readonly signature: string }[] | MatrixError {
  if (signable === undefined) return notFound("There is no such key that you could sign");
  const { key, signingKeys } = signable;
  const invalid = (message: string) => new MatrixError("M_INVALID_SIGNATURE", message);
  let text: string;
  try {
    text = signedText(object);
  } catch (error) {
    if (error instanceof MatrixError) return error;
    throw error;
  }
  if (text !== signedText(key)) return invalid("What was signed is not the key that is known");
  const check = { serverName: signer, publicKey: (keyId: string) => signingKeys.get(keyId), verify };
  if (!verifySignatures(object["signatures"], () => text, check))
    return invalid("There is no valid signature by a key of yours");
  const ofSigner = isJsonObject(object["signatures"]) ? object["signatures"][signer] : undefined;
  return Object.entries(isJsonObject(ofSigner) ? ofSigner : {}).flatMap(([signingKeyId, signature]) =>
    signingKeys.has(signingKeyId) && typeof signature === "string" ? [{ signingKeyId, signature }] : [],
  );
}

/** By user and key id. */
async function signableKeys(
  { storage, remoteKeys }: UploadSignaturesDeps,
  { signer, local, remote }: { readonly signer: UserId; readonly local: UserId[]; readonly remote: UserId[] },
): Promise<ReadonlyMap<UserId, ReadonlyMap<string, Signable>>> {
  const { crossSigningKeys, deviceKeys } = storage.read;
  const [records, devices, masterKeys] = await Promise.all([
    crossSigningKeys.ofUsers([...new Set([signer, ...local])]),
    deviceKeys.ofUsers([signer]),
    remoteMasterKeys(remoteKeys, remote),
  ]);
  const own = records.filter(({ userId }) => userId === signer);
  const selfSigning = signingKeysOf(own.find(({ usage }) => usage === "self_signing"));
  const userSigning = signingKeysOf(own.find(({ usage }) => usage === "user_signing"));
  const signable = new Map<UserId, Map<string, Signable>>();
  const allow = (userId: UserId, keyId: string, of: Signable) => {
    const ofUser = signable.get(userId) ?? new Map<string, Signable>();
    signable.set(userId, ofUser.set(keyId, of));
  };
  const ownDevices = new Map<string, string>();
  for (const { deviceId, keys } of devices) {
    if (keys === undefined) continue;
    const key = JSON.parse(keys) as JsonObject;
    allow(signer, deviceId, { key, signingKeys: selfSigning });
    const publicKey = isJsonObject(key["keys"]) ? key["keys"][`ed25519:${deviceId}`] : undefined;
    if (typeof publicKey === "string") ownDevices.set(`ed25519:${deviceId}`, publicKey);
  }
  for (const { userId, usage, publicKey, key } of records) {
    if (usage !== "master") continue;
    const signingKeys = userId === signer ? ownDevices : userSigning;
    allow(userId, publicKey, { key: JSON.parse(key) as JsonObject, signingKeys });
  }
  for (const [userId, key] of Object.entries(masterKeys) as [UserId, JsonObject][]) {
    for (const publicKey of Object.values(isJsonObject(key["keys"]) ? key["keys"] : {})) {
      if (typeof publicKey === "string") allow(userId, publicKey, { key, signingKeys: userSigning });
    }
  }
  return signable;
}

const signingKeysOf = (key: CrossSigningKeyRecord | undefined): ReadonlyMap<string, string> =>
  new Map(key && [[`ed25519:${key.publicKey}`, key.publicKey]]);

async function remoteMasterKeys(remoteKeys: Pick<RemoteKeys, "query">, users: readonly UserId[]): Promise<KeysByUser> {
  if (users.length === 0) return {};
  const devices = new Map(users.map((userId) => [userId, []]));
  return (await remoteKeys.query({ devices, timeoutMs: DEFAULT_TIMEOUT_MS })).masterKeys;
}
