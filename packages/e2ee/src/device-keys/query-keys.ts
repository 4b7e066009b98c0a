import type { Requester } from "@croft/http";
import type { DeviceId, JsonObject, ServerName, UserId } from "@croft/protocol";
import type { CrossSigningUsage, Storage } from "@croft/storage";
import { SignaturesOnKeys } from "../cross-signing/signatures-on-keys.ts";
import type { Failures, KeysByDevice, KeysByUser, RemoteKeys } from "../ports.ts";
import { boundedTimeout, DEFAULT_TIMEOUT_MS } from "./claim-keys.ts";
import { partitionUsers } from "./user-ids.ts";

export type QueryKeysDeps = {
  readonly storage: Storage<"crossSigningKeys" | "deviceKeys">;
  readonly serverName: ServerName;
  readonly remoteKeys: Pick<RemoteKeys, "query">;
};

export type QueriedKeys = {
  readonly failures: Failures;
  readonly deviceKeys: KeysByDevice;
  readonly masterKeys: KeysByUser;
  readonly selfSigningKeys: KeysByUser;
  /** Of the user who asks alone. */
  readonly userSigningKeys: KeysByUser;
};

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysquery */
export async function queryKeys(
  { storage, serverName, remoteKeys }: QueryKeysDeps,
  {
    requester,
    devices,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  }: {
    readonly requester: Requester;
    /** An empty list means all of the user's. */
    readonly devices: { readonly [userId: string]: readonly DeviceId[] };
    readonly timeoutMs: number | undefined;
  },
): Promise<QueriedKeys> {
  const viewer = requester.userId;
  const { local, remote } = partitionUsers(devices, serverName);
  const [here, there] = await Promise.all([
    localKeys({ storage }, { devices: local, viewer }),
    remote.size === 0 ? undefined : remoteKeys.query({ devices: remote, timeoutMs: boundedTimeout(timeoutMs) }),
  ]);
  if (there === undefined) return { failures: {}, ...here };
  const mine = new SignaturesOnKeys(await storage.read.crossSigningKeys.signaturesOn([...remote.keys()], viewer));
  const masterKeys: { [userId: UserId]: JsonObject } = { ...here.masterKeys };
  for (const [userId, key] of Object.entries(there.masterKeys) as [UserId, JsonObject][]) {
    masterKeys[userId] = mine.addTo(key, { userId, keyId: publicKeyOf(key) });
  }
  return {
    failures: there.failures,
    deviceKeys: { ...there.deviceKeys, ...here.deviceKeys },
    masterKeys,
    selfSigningKeys: { ...there.selfSigningKeys, ...here.selfSigningKeys },
    userSigningKeys: here.userSigningKeys,
  };
}

/** Keys of this server's users with the signatures that `viewer` may see. A user of no device here does not occur. */
export async function localKeys(
  { storage }: Pick<QueryKeysDeps, "storage">,
  { devices, viewer }: { readonly devices: ReadonlyMap<UserId, readonly DeviceId[]>; readonly viewer: UserId },
): Promise<Omit<QueriedKeys, "failures">> {
  const userIds = [...devices.keys()];
  const { crossSigningKeys, deviceKeys } = storage.read;
  const [found, crossSigning, stored] = await Promise.all([
    deviceKeys.ofUsers(userIds),
    crossSigningKeys.ofUsers(userIds),
    crossSigningKeys.signaturesOn(userIds, viewer),
  ]);
  const signatures = new SignaturesOnKeys(stored);
  const byDevice: { [userId: UserId]: { [deviceId: DeviceId]: JsonObject } } = {};
  for (const { userId } of found) byDevice[userId] = {};
  for (const { userId, deviceId, displayName, keys } of found) {
    const wanted = devices.get(userId) ?? [];
    if (keys === undefined || (wanted.length > 0 && !wanted.includes(deviceId))) continue;
    byDevice[userId]![deviceId] = {
      ...signatures.addTo(JSON.parse(keys) as JsonObject, { userId, keyId: deviceId }),
      unsigned: displayName === undefined ? {} : { device_display_name: displayName },
    };
  }
  const byUsage = (usage: CrossSigningUsage, mayBeSeen = (_: UserId) => true): KeysByUser =>
    Object.fromEntries(
      crossSigning
        .filter((key) => key.usage === usage && mayBeSeen(key.userId))
        .map(({ userId, publicKey, key }) => [
          userId,
          signatures.addTo(JSON.parse(key) as JsonObject, { userId, keyId: publicKey }),
        ]),
    );
  return {
    deviceKeys: byDevice,
    masterKeys: byUsage("master"),
    selfSigningKeys: byUsage("self_signing"),
    userSigningKeys: byUsage("user_signing", (userId) => userId === viewer),
  };
}

/** A cross-signing key has exactly one. */
const publicKeyOf = (key: JsonObject): string => String(Object.values(key["keys"] ?? {})[0] ?? "");
