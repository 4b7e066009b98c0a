import type { RegistrationTokenRecord } from "@croft/storage";

/** Whether an account can still be made with it. */
export const isUsable = (token: RegistrationTokenRecord | undefined, now: number): boolean =>
  token !== undefined &&
  (token.usesAllowed === undefined || token.completed < token.usesAllowed) &&
  (token.expiresTs === undefined || token.expiresTs > now);
