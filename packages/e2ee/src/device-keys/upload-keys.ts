import type { Requester } from "@croft/http";
import { invalidParam, type JsonObject, MatrixError } from "@croft/protocol";
import type { OneTimeKey, Storage, Stores, WriteTools } from "@croft/storage";
import { announceDeviceListChange } from "../device-lists/announce-device-list-change.ts";
import { readOneTimeKeys, signedKeyText } from "./key-objects.ts";

type Nouns = "crossSigningKeys" | "deviceKeys" | "deviceLists" | "devices" | "memberships" | "oneTimeKeys";
type Tx = Pick<Stores, Nouns> & WriteTools;

export type UploadKeysDeps = { readonly storage: Storage<Nouns> };

export type UploadKeysRequest = {
  readonly requester: Requester;
  readonly deviceKeys: JsonObject | undefined;
  readonly oneTimeKeys: { readonly [name: string]: string | JsonObject };
  readonly fallbackKeys: { readonly [name: string]: string | JsonObject };
};

/** Clients keep fifty or a hundred. */
const MAX_ONE_TIME_KEYS = 1_000;
/** Clients know one, or two while they change over. */
const MAX_FALLBACK_KEYS = 10;

/**
 * Publishes what others need to encrypt for a device, all of it or nothing; answers how many one-time keys there are now.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysupload
 */
export async function uploadKeys(
  { storage }: UploadKeysDeps,
  { requester, ...uploaded }: UploadKeysRequest,
): Promise<{ readonly [algorithm: string]: number }> {
  const { userId, deviceId } = requester;
  const deviceKeys = uploaded.deviceKeys && readDeviceKeys(uploaded.deviceKeys, requester);
  const oneTimeKeys = readOneTimeKeys(uploaded.oneTimeKeys);
  const fallbackKeys = readFallbackKeys(uploaded.fallbackKeys);
  const nothing = deviceKeys === undefined && oneTimeKeys.length + fallbackKeys.length === 0;
  await storage.write(async (tx) => {
    if (nothing) return;
    await requireDevice(tx, requester);
    if (deviceKeys !== undefined) await setDeviceKeys(tx, requester, deviceKeys);
    if (oneTimeKeys.length > 0) await addOneTimeKeys(tx, requester, oneTimeKeys);
    if (fallbackKeys.length > 0) await setFallbackKeys(tx, requester, fallbackKeys);
  });
  return (await storage.read.oneTimeKeys.countsOf(userId, deviceId)).counts;
}

/** Keys that come in when their device has just been deleted must not meet a later one of the same id. */
async function requireDevice(tx: Tx, { userId, deviceId }: Requester): Promise<void> {
  if (!(await tx.devices.get(userId, deviceId))) throw deviceDeleted();
  tx.devices.requireDevice(userId, deviceId);
}

export const deviceDeleted = () => new MatrixError("M_UNKNOWN_TOKEN", "This device has been deleted");

function readDeviceKeys(keys: JsonObject, { userId, deviceId }: Requester): string {
  if (keys["user_id"] !== userId) throw invalidParam("device_keys.user_id is not yours");
  if (keys["device_id"] !== deviceId) throw invalidParam("device_keys.device_id is not this device");
  return signedKeyText(keys);
}

function readFallbackKeys(uploaded: UploadKeysRequest["fallbackKeys"]): OneTimeKey[] {
  const keys = readOneTimeKeys(uploaded);
  if (new Set(keys.map(({ algorithm }) => algorithm)).size < keys.length) {
    throw invalidParam("There is one fallback key per algorithm");
  }
  return keys;
}

async function setDeviceKeys(tx: Tx, { userId, deviceId }: Requester, keys: string): Promise<void> {
  const devices = await tx.deviceKeys.ofUsers([userId]);
  const device = devices.find((known) => known.deviceId === deviceId);
  if (device?.keys === keys) return;
  tx.deviceKeys.set(userId, deviceId, keys);
  // Whoever vouched for the keys before has not vouched for these.
  if (device?.keys !== undefined) tx.crossSigningKeys.deleteSignatures(userId, [deviceId]);
  await announceDeviceListChange(tx, userId);
}

async function addOneTimeKeys(tx: Tx, { userId, deviceId }: Requester, keys: readonly OneTimeKey[]): Promise<void> {
  if (keys.length > MAX_ONE_TIME_KEYS) throw tooManyKeys(MAX_ONE_TIME_KEYS, "one-time keys");
  const nameOf = ({ algorithm, keyId }: OneTimeKey) => `${algorithm}:${keyId}`;
  const ids = keys.map(({ keyId }) => keyId);
  const known = await tx.oneTimeKeys.withIds(userId, deviceId, ids);
  const knownKeys = new Map(known.map((key) => [nameOf(key), key]));
  // What was claimed and comes again was uploaded by a request whose answer was lost: nobody else may get it.
  const fresh = keys.filter((key) => knownKeys.get(nameOf(key))?.key !== key.key);
  const other = fresh.find((key) => knownKeys.get(nameOf(key))?.claimed === false);
  if (other !== undefined) throw invalidParam(`There is another one-time key named ${nameOf(other)}`);
  const { counts } = await tx.oneTimeKeys.countsOf(userId, deviceId);
  const kept = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (kept + fresh.length > MAX_ONE_TIME_KEYS) throw tooManyKeys(MAX_ONE_TIME_KEYS, "one-time keys");
  for (const key of fresh) tx.oneTimeKeys.add(userId, deviceId, key);
}

async function setFallbackKeys(tx: Tx, { userId, deviceId }: Requester, keys: readonly OneTimeKey[]): Promise<void> {
  const { unusedFallbackTypes } = await tx.oneTimeKeys.countsOf(userId, deviceId);
  const algorithms = new Set([...unusedFallbackTypes, ...keys.map(({ algorithm }) => algorithm)]);
  if (algorithms.size > MAX_FALLBACK_KEYS) throw tooManyKeys(MAX_FALLBACK_KEYS, "fallback keys");
  for (const key of keys) tx.oneTimeKeys.setFallback(userId, deviceId, key);
}

const tooManyKeys = (most: number, what: string) =>
  new MatrixError("M_TOO_LARGE", `A device keeps at most ${most} ${what}`);
