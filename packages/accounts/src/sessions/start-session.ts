import type { DeviceId, UserId } from "@croft/protocol";
import type { Clock, Random } from "@croft/runtime";
import type { Stores, WriteTools } from "@croft/storage";
import { type IssuedTokens, issueTokens } from "./issue-tokens.ts";

/** What a client says of itself when it logs in. */
export type ClientDevice = {
  readonly deviceId: DeviceId | undefined;
  /** For a device that is new. */
  readonly displayName: string | undefined;
  /** The client can refresh its access token. */
  readonly refresh: boolean;
};

export type StartedSession = IssuedTokens & { readonly deviceId: DeviceId };

const DEVICE_ID_LETTERS = 10;

/**
 * Logs a device in. Whatever tokens it had before are gone: forget them in memory after the commit.
 * https://spec.matrix.org/v1.19/client-server-api/#relationship-between-access-tokens-and-devices
 */
export function startSession(
  tx: Pick<Stores, "devices" | "sessions"> & WriteTools,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { userId, device }: { readonly userId: UserId; readonly device: ClientDevice },
): StartedSession {
  const deviceId = device.deviceId ?? newDeviceId(random);
  if (device.deviceId !== undefined) {
    tx.sessions.deleteDevices(userId, [deviceId]);
    tx.touch({ userId, deviceId });
  }
  tx.devices.ensure({ userId, deviceId, displayName: device.displayName, createdTs: clock.now() });
  const tokens = issueTokens(tx, { clock, random }, { userId, deviceId, refresh: device.refresh });
  return { ...tokens, deviceId };
}

/** Capital letters, as people read device ids to each other. */
const newDeviceId = (random: Random): DeviceId =>
  Array.from(random.bytes(DEVICE_ID_LETTERS), (byte) => String.fromCharCode(65 + (byte % 26))).join("");
