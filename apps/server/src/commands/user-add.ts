import { MatrixError } from "@croft/protocol";
import { CommandError } from "../command-error.ts";
import { dataFolder } from "../data-folder.ts";
import { askRunningServer } from "../local-client.ts";
import { openServer } from "../open-server.ts";
import { passwordFromStdin, passwordFromTerminal } from "../read-password.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";

/** Makes an account, through the running server or, where none runs, on the data itself. */
export async function userAdd(flags: Flags, name: string): Promise<number> {
  const { config, logger } = await settingsFor(flags);
  const localpart = localpartOf(name, config.serverName);
  const password = flags["password-stdin"] === "true" ? await passwordFromStdin() : await passwordFromTerminal();
  const user = { localpart, password, admin: flags["admin"] === "true" };
  const reply = await askRunningServer(dataFolder(config.dataFolder), {
    method: "POST",
    path: "/_croft/local/v1/users",
    body: user,
  });
  if (reply === undefined) {
    await using server = await openServer({ config, logger });
    try {
      console.log(`Made ${await server.homeserver.addUser(user)}`);
    } catch (error) {
      throw error instanceof MatrixError ? new CommandError(`${error.message}.`) : error;
    }
    return 0;
  }
  if (reply.status !== 200) throw new CommandError(`${reply.body["error"]}.`);
  console.log(`Made ${reply.body["user_id"]}`);
  return 0;
}

/** `alice`, or `@alice:example.org` where that is this server. */
function localpartOf(name: string, serverName: string): string {
  if (!name.startsWith("@")) return name;
  if (!name.endsWith(`:${serverName}`)) throw new CommandError(`${name} is not a user of ${serverName}.`, 2);
  return name.slice(1, -serverName.length - 1);
}
