import { existsSync } from "node:fs";
import { getReadiness, getServerInformation } from "@croft/api";
import { isClaimedBy } from "@croft/homeserver";
import { CommandError } from "../command-error.ts";
import { dataFolder } from "../data-folder.ts";
import { askRunningServer } from "../local-client.ts";
import { inOneSentence, openData } from "../open-server.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";

/** Says whether this configuration starts on this data, and how a running server is. Makes nobody's data its own. */
export async function check(flags: Flags): Promise<number> {
  const { config, logger } = await settingsFor(flags);
  console.log(`The configuration is sound: ${config.serverName} on ${config.listen.host}, port ${config.listen.port}.`);
  const folder = dataFolder(config.dataFolder);
  const readiness = await askRunningServer(folder, getReadiness);
  if (readiness !== undefined) {
    const name = (await askRunningServer(folder, getServerInformation))?.body["server_name"];
    if (name !== config.serverName) throw new CommandError(`A server runs on this data, but its name is ${name}.`);
    if (readiness.status !== 200) {
      throw new CommandError(`A server runs but is not ready: ${JSON.stringify(readiness.body["parts"])}`);
    }
    console.log("A server runs on this data and is ready.");
    return 0;
  }
  if (config.databaseUrl === undefined && !existsSync(folder.database)) {
    console.log(`There is no data yet; the first start makes it in ${folder.path}.`);
    return 0;
  }
  await using data = await openData({ config, logger });
  const isClaimed = await inOneSentence(isClaimedBy(data, config.serverName));
  console.log(
    isClaimed
      ? `The data in ${folder.path} can be opened; no server runs on it.`
      : `The database can be opened and is empty; the first start makes it ${config.serverName}'s.`,
  );
  return 0;
}
