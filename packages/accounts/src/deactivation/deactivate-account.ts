import type { Requester } from "@croft/http";
import type { UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import {
  type InteractiveAuthDeps,
  PASSWORD_FLOWS,
  requireInteractiveAuth,
  type SubmittedAuth,
} from "../interactive-auth/require-interactive-auth.ts";
import type { DeviceKeys } from "../ports.ts";
import type { AccessTokens } from "../sessions/access-tokens.ts";
import { type FinishDeparturesDeps, finishDeparture } from "./finish-departures.ts";

export type DeactivateDeps = {
  readonly storage: Storage<"accountData" | "accounts" | "devices" | "filters" | "profiles" | "sessions">;
  readonly deviceKeys: Pick<DeviceKeys, "deleteDevices" | "forgetUser">;
  readonly accessTokens: Pick<AccessTokens, "forget">;
} & FinishDeparturesDeps;

/** For the user who asks, once they have proved to be themselves. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate */
export async function deactivateAccount(
  deps: DeactivateDeps & InteractiveAuthDeps,
  { requester, erase, auth }: { requester: Requester; erase: boolean; auth: SubmittedAuth | undefined },
): Promise<void> {
  const { userId } = requester;
  const subject = [erase ? "erase" : "keep"];
  await requireInteractiveAuth(deps, { operation: "deactivateAccount", userId, subject, flows: PASSWORD_FLOWS, auth });
  await deactivate(deps, { userId, erase });
}

/** Ends an account for good: nobody logs in to it, nobody gets its name, and it is in no room. */
export async function deactivate(
  deps: DeactivateDeps,
  { userId, erase }: { userId: UserId; erase: boolean },
): Promise<void> {
  const { storage, deviceKeys, accessTokens } = deps;
  const devices = await storage.read.devices.ofUser(userId);
  const deviceIds = devices.map((device) => device.deviceId);
  await deviceKeys.deleteDevices(userId, deviceIds);
  await deviceKeys.forgetUser(userId);
  await storage.write(async (tx) => {
    if ((await tx.accounts.get(userId))?.deactivated !== false) return;
    tx.accounts.deactivate(userId, erase);
    tx.sessions.deleteAll(userId);
    tx.devices.deleteAll(userId);
    tx.filters.deleteAll(userId);
    if (erase) tx.accountData.deleteAll(userId);
    for (const deviceId of deviceIds) tx.touch({ userId, deviceId });
  });
  accessTokens.forget(userId);
  await finishDeparture(deps, userId);
}
