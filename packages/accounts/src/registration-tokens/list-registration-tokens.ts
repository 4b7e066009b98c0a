import type { Clock } from "@croft/runtime";
import type { RegistrationTokenRecord, Storage } from "@croft/storage";
import { isUsable } from "./is-usable.ts";

export type ListRegistrationTokensDeps = {
  readonly storage: Storage<"registrationTokens">;
  readonly clock: Clock;
};

export type ListedRegistrationToken = RegistrationTokenRecord & { readonly usable: boolean };

/** Every token there is, by name, with whether an account can still be made with it. */
export async function listRegistrationTokens({
  storage,
  clock,
}: ListRegistrationTokensDeps): Promise<ListedRegistrationToken[]> {
  const now = clock.now();
  return (await storage.read.registrationTokens.all()).map((token) => ({ ...token, usable: isUsable(token, now) }));
}
