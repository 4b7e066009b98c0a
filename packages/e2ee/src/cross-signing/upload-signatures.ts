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
import type { CrossSigningUsage, KeySignatureRecord, Storage, Stores, WriteTools } from "@croft/storage";
import { DEFAULT_TIMEOUT_MS } from "../device-keys/claim-keys.ts";
import { partitionUsers } from "../device-keys/user-ids.ts";
import { announceDeviceListChange } from "../device-lists/announce-device-list-change.ts";
import type { KeysByUser, RemoteKeys } from "../ports.ts";

type Nouns = "crossSigningKeys" | "deviceKeys" | "deviceLists" | "memberships";
type Tx = Pick<Stores, Nouns> & WriteTools;

export type UploadSignaturesDeps = {
  readonly storage: Storage<Nouns>;
  readonly serverName: ServerName;
  readonly verify: Verify;
  readonly remoteKeys: Pick<RemoteKeys, "query">;
};

/** By user and key id, why a signature was not taken. */
export type SignatureFailures = { readonly [userId: UserId]: { readonly [keyId: string]: JsonObject } };

/** Fails the write if the key it was made for has been replaced by then. */
type Guard = () => void;

/** The public keys of the signer that something may be signed with, by key id. */
type SigningKeys = ReadonlyMap<string, { readonly publicKey: string; readonly guard: Guard }>;

/** A key that may be signed; what other servers keep has no guard here. */
type Signable = { readonly key: JsonObject; readonly guard?: Guard; readonly signingKeys: SigningKeys };

type Taken = { readonly signatures: readonly KeySignatureRecord[]; readonly guards: ReadonlySet<Guard> };

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
  const { storage, serverName } = deps;
  const { local, remote } = partitionUsers(signed, serverName);
  const masterKeys = await remoteMasterKeys(deps.remoteKeys, [...remote.keys()]);
  return storage.write(async (tx) => {
    const signable = await signableKeys(tx, { signer, local: [...local.keys()], masterKeys });
    const failures: { [userId: UserId]: { [keyId: string]: JsonObject } } = {};
    const users = new Set<UserId>();
    for (const [userId, objects] of [...local, ...remote]) {
      for (const [keyId, object] of Object.entries(objects)) {
        const target = { userId, keyId, signer };
        const taken = signaturesIn(object, signable.get(userId)?.get(keyId), { target, verify: deps.verify });
        if (taken instanceof MatrixError) {
          failures[userId] = { ...failures[userId], [keyId]: taken.toJSON() as JsonObject };
          continue;
        }
        for (const guard of taken.guards) guard();
        for (const signature of taken.signatures) tx.crossSigningKeys.addSignature(signature);
        users.add(userId);
      }
    }
    if (users.delete(signer)) await announceDeviceListChange(tx, signer);
    for (const userId of users) tx.deviceLists.setChangedFor(signer, userId);
    return failures;
  });
}

/** The signatures of the signer on an object, if it is the key it says it is and they hold; else why not. */
function signaturesIn(
  object: JsonObject,
  signable: Signable | undefined,
  {
    target,
    verify,
  }: { readonly target: Pick<KeySignatureRecord, "userId" | "keyId" | "signer">; readonly verify: Verify },
): Taken | MatrixError {
  if (signable === undefined) return notFound("There is no such key that you could sign");
  const { key, guard, signingKeys } = signable;
  const { signer } = target;
  const invalid = (message: string) => new MatrixError("M_INVALID_SIGNATURE", message);
  let text: string;
  try {
    text = signedText(object);
  } catch (error) {
    if (error instanceof MatrixError) return error;
    throw error;
  }
  if (text !== signedText(key)) return invalid("What was signed is not the key that is known");
  const check = { serverName: signer, publicKey: (keyId: string) => signingKeys.get(keyId)?.publicKey, verify };
  if (!verifySignatures(object["signatures"], () => text, check))
    return invalid("There is no valid signature by a key of yours");
  const ofSigner = isJsonObject(object["signatures"]) ? object["signatures"][signer] : undefined;
  const signatures: KeySignatureRecord[] = [];
  const guards = new Set(guard && [guard]);
  for (const [signingKeyId, signature] of Object.entries(isJsonObject(ofSigner) ? ofSigner : {})) {
    const signingKey = signingKeys.get(signingKeyId);
    if (signingKey === undefined || typeof signature !== "string") continue;
    signatures.push({ ...target, signingKeyId, signature });
    guards.add(signingKey.guard);
  }
  return { signatures, guards };
}

/** By user and key id. */
async function signableKeys(
  tx: Tx,
  {
    signer,
    local,
    masterKeys,
  }: { readonly signer: UserId; readonly local: readonly UserId[]; readonly masterKeys: KeysByUser },
): Promise<ReadonlyMap<UserId, ReadonlyMap<string, Signable>>> {
  const [records, devices] = await Promise.all([
    tx.crossSigningKeys.ofUsers([...new Set([signer, ...local])]),
    tx.deviceKeys.ofUsers([signer]),
  ]);
  const signingKeysOf = (usage: CrossSigningUsage): SigningKeys => {
    const key = records.find((known) => known.userId === signer && known.usage === usage);
    if (key === undefined) return new Map();
    const { publicKey } = key;
    return new Map([[`ed25519:${publicKey}`, { publicKey, guard: () => tx.crossSigningKeys.requireKey(key) }]]);
  };
  const selfSigning = signingKeysOf("self_signing");
  const userSigning = signingKeysOf("user_signing");
  const signable = new Map<UserId, Map<string, Signable>>();
  const allow = (userId: UserId, keyId: string, of: Signable) => {
    const ofUser = signable.get(userId) ?? new Map<string, Signable>();
    signable.set(userId, ofUser.set(keyId, of));
  };
  const ownDevices = new Map<string, { readonly publicKey: string; readonly guard: Guard }>();
  for (const { deviceId, keys } of devices) {
    if (keys === undefined) continue;
    const key = JSON.parse(keys) as JsonObject;
    const guard = () => tx.deviceKeys.requireKeys(signer, deviceId, keys);
    allow(signer, deviceId, { key, guard, signingKeys: selfSigning });
    const publicKey = isJsonObject(key["keys"]) ? key["keys"][`ed25519:${deviceId}`] : undefined;
    if (typeof publicKey === "string") ownDevices.set(`ed25519:${deviceId}`, { publicKey, guard });
  }
  for (const record of records) {
    const { userId, usage, publicKey, key } = record;
    if (usage !== "master") continue;
    const guard = () => tx.crossSigningKeys.requireKey(record);
    const signingKeys = userId === signer ? ownDevices : userSigning;
    allow(userId, publicKey, { key: JSON.parse(key) as JsonObject, guard, signingKeys });
  }
  for (const [userId, key] of Object.entries(masterKeys) as [UserId, JsonObject][]) {
    for (const publicKey of Object.values(isJsonObject(key["keys"]) ? key["keys"] : {})) {
      if (typeof publicKey === "string") allow(userId, publicKey, { key, signingKeys: userSigning });
    }
  }
  return signable;
}

async function remoteMasterKeys(remoteKeys: Pick<RemoteKeys, "query">, users: readonly UserId[]): Promise<KeysByUser> {
  if (users.length === 0) return {};
  const devices = new Map(users.map((userId) => [userId, []]));
  return (await remoteKeys.query({ devices, timeoutMs: DEFAULT_TIMEOUT_MS })).masterKeys;
}
