import { type InteractiveAuthDeps, PASSWORD_FLOWS, requireInteractiveAuth, type SubmittedAuth } from "@croft/accounts";
import type { Requester } from "@croft/http";
import { forbidden, type JsonObject, missingParam, signedText, type UserId, type Verify } from "@croft/protocol";
import type { CrossSigningKeyRecord, CrossSigningUsage, Storage, Stores, WriteTools } from "@croft/storage";
import { announceDeviceListChange } from "../device-lists/announce-device-list-change.ts";
import { readCrossSigningKey, requireSignedByMaster } from "./read-cross-signing-key.ts";

type Nouns = "crossSigningKeys" | "deviceLists" | "memberships";

export type UploadCrossSigningKeysDeps = Omit<InteractiveAuthDeps, "storage"> & {
  readonly storage: Storage<Nouns | "accounts" | "devices" | "interactiveAuth" | "registrationTokens">;
  readonly verify: Verify;
};

export type UploadCrossSigningKeysRequest = {
  readonly requester: Requester;
  readonly keys: { readonly [Usage in CrossSigningUsage]: JsonObject | undefined };
  readonly auth: SubmittedAuth | undefined;
};

type Keys = ReadonlyMap<CrossSigningUsage, CrossSigningKeyRecord>;

const USAGES = ["master", "self_signing", "user_signing"] as const satisfies CrossSigningUsage[];

/**
 * Publishes a user's cross-signing keys. The first ones are taken as they come, and the same ones again; for others the
 * user must prove to be themselves.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysdevice_signingupload
 */
export async function uploadCrossSigningKeys(
  deps: UploadCrossSigningKeysDeps,
  request: UploadCrossSigningKeysRequest,
): Promise<void> {
  const { storage, verify } = deps;
  const { userId } = request.requester;
  const known = await keysOf(storage.read.crossSigningKeys, userId);
  const given = readKeys(request);
  const master = given.get("master") ?? known.get("master");
  if (master === undefined) throw missingParam("There is no master key yet, and none comes with this request");
  for (const key of given.values()) {
    if (key.usage !== "master") requireSignedByMaster(key, { masterKey: master.publicKey, verify });
  }
  const changed = [...given.values()].filter((key) => !isSameKey(key, known.get(key.usage)));
  // Under a new master key all that is given is signed anew, the same keys too.
  const fresh = changed.some(({ usage }) => usage === "master") ? [...given.values()] : changed;
  if (fresh.length === 0) return;
  await requireNoDeviceId(deps, userId, fresh);
  if (known.has("master")) {
    const subject = fresh.map(({ publicKey }) => publicKey);
    const { auth } = request;
    await requireInteractiveAuth(deps, {
      operation: "uploadCrossSigningKeys",
      userId,
      subject,
      flows: PASSWORD_FLOWS,
      auth,
    });
  }
  const stored = await storage.write(async (tx) => {
    const now = await keysOf(tx.crossSigningKeys, userId);
    if (USAGES.some((usage) => now.get(usage)?.publicKey !== known.get(usage)?.publicKey)) return false;
    await replaceKeys(tx, { userId, known, given, fresh });
    return true;
  });
  // Another request was first: what it has stored decides what this one may do.
  if (!stored) await uploadCrossSigningKeys(deps, request);
}

function readKeys({ requester, keys }: UploadCrossSigningKeysRequest): Keys {
  const read = new Map<CrossSigningUsage, CrossSigningKeyRecord>();
  for (const usage of USAGES) {
    const key = keys[usage];
    if (key !== undefined) read.set(usage, readCrossSigningKey(key, { userId: requester.userId, usage }));
  }
  return read;
}

async function keysOf(reader: Pick<Stores["crossSigningKeys"], "ofUsers">, userId: UserId): Promise<Keys> {
  return new Map((await reader.ofUsers([userId])).map((key) => [key.usage, key]));
}

/** Signatures make no other key of it. */
const isSameKey = (key: CrossSigningKeyRecord, known: CrossSigningKeyRecord | undefined): boolean =>
  known !== undefined && signedText(JSON.parse(key.key)) === signedText(JSON.parse(known.key));

/** Both stand under the same names in signatures. */
async function requireNoDeviceId(
  { storage }: UploadCrossSigningKeysDeps,
  userId: UserId,
  keys: readonly CrossSigningKeyRecord[],
): Promise<void> {
  const devices = new Set((await storage.read.devices.ofUser(userId)).map(({ deviceId }) => deviceId));
  if (keys.some(({ publicKey }) => devices.has(publicKey))) throw forbidden("A device of yours has the id of this key");
}

async function replaceKeys(
  tx: Pick<Stores, Nouns> & WriteTools,
  {
    userId,
    known,
    given,
    fresh,
  }: {
    readonly userId: UserId;
    readonly known: Keys;
    readonly given: Keys;
    readonly fresh: readonly CrossSigningKeyRecord[];
  },
): Promise<void> {
  const newMaster = fresh.some(({ usage }) => usage === "master");
  // What the master key before has signed is worth nothing under a new one, also what comes in meanwhile.
  const orphaned = newMaster ? USAGES.filter((usage) => !given.has(usage)) : [];
  for (const key of fresh) tx.crossSigningKeys.set(key, known.get(key.usage)?.publicKey);
  for (const usage of orphaned) tx.crossSigningKeys.delete(userId, usage);
  const master = known.get("master");
  // The same again, for its guard: it is still the one that has signed the fresh keys.
  if (master !== undefined && !newMaster) tx.crossSigningKeys.set(master, master.publicKey);
  for (const usage of [...fresh.map((key) => key.usage), ...orphaned]) {
    const replaced = known.get(usage)?.publicKey;
    if (replaced === undefined || replaced === given.get(usage)?.publicKey) continue;
    tx.crossSigningKeys.deleteSignatures(userId, [replaced]);
    tx.crossSigningKeys.deleteSignaturesBy(userId, `ed25519:${replaced}`);
  }
  if (fresh.every(({ usage }) => usage === "user_signing")) tx.deviceLists.setChangedFor(userId, userId);
  else await announceDeviceListChange(tx, userId);
}
