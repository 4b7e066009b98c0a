import { addLocalRegistrationToken } from "@croft/api";
import { askServer } from "../ask-server.ts";
import { CommandError } from "../command-error.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";

const DAY_MS = 24 * 60 * 60_000;
const MAX_DAYS = 36_500;

/** Makes a registration token and prints it alone, for scripts. */
export async function tokenAdd(flags: Flags, name: string): Promise<number> {
  const uses = numberOf(flags, "uses", 1_000_000_000);
  const days = numberOf(flags, "days", MAX_DAYS);
  const settings = await settingsFor(flags);
  const { token } = await askServer(settings, addLocalRegistrationToken, {
    body: {
      ...(name !== "" && { token: name }),
      ...(uses !== undefined && { uses_allowed: uses }),
      ...(days !== undefined && { lifetime_ms: days * DAY_MS }),
    },
  });
  console.log(token);
  const { mode } = settings.config.registration;
  if (mode !== "token") {
    console.error(`Nobody is asked for it yet: registration.mode is ${mode}; set it to token and start Croft again.`);
  }
  return 0;
}

function numberOf(flags: Flags, flag: string, most: number): number | undefined {
  const text = flags[flag];
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= most) return Number(text);
  throw new CommandError(`--${flag} must be a whole number from 1 to ${most}, not "${text}".`, 2);
}
