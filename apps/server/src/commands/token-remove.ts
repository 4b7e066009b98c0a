import { removeLocalRegistrationToken } from "@croft/api";
import { askServer } from "../ask-server.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";

/** Takes a registration token back. */
export async function tokenRemove(flags: Flags, name: string): Promise<number> {
  await askServer(await settingsFor(flags), removeLocalRegistrationToken, { params: { token: name } });
  console.log(`Removed ${name}`);
  return 0;
}
