import { addLocalUser } from "@croft/api";
import { askServer } from "../ask-server.ts";
import { CommandError } from "../command-error.ts";
import { passwordFromStdin, passwordFromTerminal } from "../read-password.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";

/** Makes an account, through the running server or, where none runs, on the data itself. */
export async function userAdd(flags: Flags, name: string): Promise<number> {
  const settings = await settingsFor(flags);
  const localpart = localpartOf(name, settings.config.serverName);
  const password = flags["password-stdin"] === "true" ? await passwordFromStdin() : await passwordFromTerminal();
  const admin = flags["admin"] === "true";
  const { user_id } = await askServer(settings, addLocalUser, { body: { localpart, password, admin } });
  console.log(`Made ${user_id}`);
  return 0;
}

/** `alice`, or `@alice:example.org` where that is this server. */
function localpartOf(name: string, serverName: string): string {
  if (!name.startsWith("@")) return name;
  if (!name.endsWith(`:${serverName}`)) throw new CommandError(`${name} is not a user of ${serverName}.`, 2);
  return name.slice(1, -serverName.length - 1);
}
