import { forbidden, type ServerName } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { RegistrationSettings } from "./settings.ts";
import { newUserId, userInUse } from "./user-id.ts";

export type CheckUsernameAvailabilityDeps = {
  readonly storage: Storage<"accounts">;
  readonly serverName: ServerName;
  readonly registration: RegistrationSettings;
};

/** Throws why the name cannot be had. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3registeravailable */
export async function checkUsernameAvailability(
  { storage, serverName, registration }: CheckUsernameAvailabilityDeps,
  { username }: { username: string },
): Promise<void> {
  if (registration.mode === "closed") throw forbidden("Registration is disabled");
  if (await storage.read.accounts.get(newUserId(serverName, username))) throw userInUse();
}
