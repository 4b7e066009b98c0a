import { createHomeserver, type Homeserver, OtherServersData } from "@croft/homeserver";
import { type Logger, systemClock, systemRandom } from "@croft/runtime";
import { openStorage, StorageUnavailable } from "@croft/storage";
import { CommandError } from "./command-error.ts";
import type { Config } from "./config/config.ts";
import { type DataFolder, dataFolder, lockDataFolder, prepareDataFolder } from "./data-folder.ts";
import { croftVersion } from "./version.ts";

/** A homeserver on its data, listening nowhere yet. */
export type OpenServer = AsyncDisposable & { readonly homeserver: Homeserver; readonly folder: DataFolder };

/** Claims the data folder and opens what is in it. Throws the sentence that says why it cannot. */
export async function openServer({ config, logger }: { config: Config; logger: Logger }): Promise<OpenServer> {
  const folder = dataFolder(config.dataFolder);
  await prepareDataFolder(folder);
  await using opened = new AsyncDisposableStack();
  opened.adopt(lockDataFolder(folder), (lock) => lock.release());
  try {
    const { databaseUrl } = config;
    const engine =
      databaseUrl === undefined
        ? { kind: "sqlite" as const, path: folder.database }
        : { kind: "postgres" as const, url: databaseUrl };
    const storage = opened.use(await openStorage({ engine, clock: systemClock, logger }));
    const homeserver = await createHomeserver({
      settings: { ...config, mediaFolder: folder.media },
      storage,
      clock: systemClock,
      random: systemRandom,
      logger,
      version: croftVersion(),
    });
    opened.defer(() => homeserver.stop());
    const keep = opened.move();
    return { homeserver, folder, [Symbol.asyncDispose]: () => keep.disposeAsync() };
  } catch (error) {
    if (error instanceof OtherServersData || error instanceof StorageUnavailable) throw new CommandError(error.message);
    throw error;
  }
}
