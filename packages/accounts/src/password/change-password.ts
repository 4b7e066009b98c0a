import type { Requester } from "@croft/http";
import { forbidden, missingParam } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { type EndDevicesDeps, endDevices } from "../devices/end-devices.ts";
import {
  type InteractiveAuthDeps,
  PASSWORD_FLOWS,
  requireInteractiveAuth,
  type SubmittedAuth,
} from "../interactive-auth/require-interactive-auth.ts";
import { requireUsablePassword } from "../registration/password-rules.ts";

export type ChangePasswordDeps = {
  readonly storage: Storage<"accounts" | "devices" | "interactiveAuth" | "registrationTokens" | "sessions">;
} & InteractiveAuthDeps &
  EndDevicesDeps;

/** The asking session stays, the others go unless told otherwise. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountpassword */
export async function changePassword(
  deps: ChangePasswordDeps,
  {
    requester: { userId, deviceId },
    newPassword,
    logoutDevices,
    auth,
  }: {
    readonly requester: Requester;
    readonly newPassword: string | undefined;
    readonly logoutDevices: boolean;
    readonly auth: SubmittedAuth | undefined;
  },
): Promise<void> {
  const { storage, passwords, accessTokens } = deps;
  if (newPassword !== undefined) requireUsablePassword(newPassword);
  const subject = [logoutDevices ? "logout" : "stay"];
  const proved = (await storage.read.accounts.get(userId))?.passwordHash;
  await requireInteractiveAuth(deps, { operation: "changePassword", userId, subject, flows: PASSWORD_FLOWS, auth });
  if (newPassword === undefined) throw missingParam("new_password is missing in the body");
  const passwordHash = await passwords.hash(newPassword);
  // At once with the password: whoever knew the old one is out, even if the server stops before the keys are gone.
  await storage.write(async (tx) => {
    const current = (await tx.accounts.get(userId))?.passwordHash;
    if (proved === undefined || current !== proved) throw forbidden("The password has been changed meanwhile");
    tx.accounts.requirePassword(userId, proved);
    tx.accounts.setPassword(userId, passwordHash);
    if (logoutDevices) tx.sessions.deleteOthers(userId, deviceId);
  });
  if (!logoutDevices) return;
  accessTokens.forget(userId);
  const devices = await storage.read.devices.ofUser(userId);
  const others = devices.map((device) => device.deviceId).filter((id) => id !== deviceId);
  await endDevices(deps, { userId, deviceIds: others });
}
