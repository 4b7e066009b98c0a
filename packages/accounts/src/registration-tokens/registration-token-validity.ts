import { forbidden } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { RegistrationSettings } from "../registration/settings.ts";
import { isUsable } from "./is-usable.ts";

export type RegistrationTokenValidityDeps = {
  readonly storage: Storage<"registrationTokens">;
  readonly clock: Clock;
  readonly registration: RegistrationSettings;
};

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1registermloginregistration_tokenvalidity */
export async function registrationTokenValidity(
  { storage, clock, registration }: RegistrationTokenValidityDeps,
  { token }: { token: string },
): Promise<boolean> {
  if (registration.mode === "closed") throw forbidden("Registration is disabled");
  return isUsable(await storage.read.registrationTokens.get(token), clock.now());
}
