import type { DeviceId, JsonObject, JsonValue, ServerName, UserId } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { Failures, KeysByDevice, RemoteKeys } from "../ports.ts";
import { partitionUsers } from "./user-ids.ts";

export type ClaimKeysDeps = {
  readonly storage: Storage<"oneTimeKeys" | "toDevice">;
  readonly clock: Clock;
  readonly serverName: ServerName;
  readonly remoteKeys: Pick<RemoteKeys, "claim">;
};

/** What is waited for other servers' keys where the client does not say. */
export const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 60_000;

/**
 * Takes a one-time key from each device named, by the algorithm it is to be of; devices that have none do not occur.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysclaim
 */
export async function claimKeys(
  { storage, clock, serverName, remoteKeys }: ClaimKeysDeps,
  {
    algorithms,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  }: {
    readonly algorithms: { readonly [userId: string]: { readonly [deviceId: string]: string } };
    readonly timeoutMs: number | undefined;
  },
): Promise<{ readonly failures: Failures; readonly oneTimeKeys: KeysByDevice }> {
  const { local, remote } = partitionUsers(algorithms, serverName);
  const [claimed, answer] = await Promise.all([
    claimLocalKeys({ storage, clock }, local),
    remote.size === 0
      ? { failures: {}, oneTimeKeys: {} }
      : remoteKeys.claim({
          algorithms: new Map([...remote].map(([userId, devices]) => [userId, new Map(Object.entries(devices))])),
          timeoutMs: boundedTimeout(timeoutMs),
        }),
  ]);
  return { failures: answer.failures, oneTimeKeys: { ...answer.oneTimeKeys, ...claimed } };
}

/** Of this server's users; other servers claim through it too. */
export async function claimLocalKeys(
  { storage, clock }: Pick<ClaimKeysDeps, "storage" | "clock">,
  algorithms: ReadonlyMap<UserId, { readonly [deviceId: DeviceId]: string }>,
): Promise<KeysByDevice> {
  // Looked for all at once, so that a claim costs the devices there are and not those that are named.
  const wanted = (await storage.read.toDevice.devicesOf([...algorithms.keys()])).flatMap(({ userId, deviceId }) => {
    const devices = algorithms.get(userId) ?? {};
    const algorithm = Object.hasOwn(devices, deviceId) ? devices[deviceId] : undefined;
    return algorithm === undefined ? [] : { userId, deviceId, algorithm };
  });
  if (wanted.length === 0) return {};
  const claimed = await storage.write((tx) =>
    Promise.all(
      wanted.map(async ({ userId, deviceId, algorithm }) => {
        const key = await tx.oneTimeKeys.claim(userId, deviceId, algorithm, clock.now());
        return key && { userId, deviceId, named: namedKey(key.algorithm, key.keyId, key.key) };
      }),
    ),
  );
  const keys: { [userId: UserId]: { [deviceId: DeviceId]: JsonObject } } = {};
  for (const key of claimed) {
    if (key === undefined) continue;
    keys[key.userId] ??= {};
    keys[key.userId]![key.deviceId] = key.named;
  }
  return keys;
}

export const boundedTimeout = (timeoutMs: number): number => Math.min(timeoutMs, MAX_TIMEOUT_MS);

const namedKey = (algorithm: string, keyId: string, text: string): JsonObject => ({
  [`${algorithm}:${keyId}`]: JSON.parse(text) as JsonValue,
});
