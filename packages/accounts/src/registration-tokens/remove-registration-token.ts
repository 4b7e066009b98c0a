import { notFound } from "@croft/protocol";
import type { Storage } from "@croft/storage";

/** Takes a token back: from now on no account can be made with it. Those that were made stay. */
export async function removeRegistrationToken(
  { storage }: { readonly storage: Storage<"registrationTokens"> },
  { token }: { readonly token: string },
): Promise<void> {
  await storage.write(async (tx) => {
    if (!(await tx.registrationTokens.get(token))) throw notFound("There is no such registration token");
    tx.registrationTokens.delete(token);
  });
}
