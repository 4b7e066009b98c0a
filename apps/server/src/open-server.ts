import { createHomeserver, type Homeserver, OtherServersData } from "@croft/homeserver";
import { type Logger, systemClock, systemRandom } from "@croft/runtime";
import { type OpenStorage, openStorage, StorageUnavailable } from "@croft/storage";
import { CommandError } from "./command-error.ts";
import type { Config } from "./config/config.ts";
import { type DataFolder, dataFolder, lockDataFolder, prepareDataFolder } from "./data-folder.ts";
import { croftVersion } from "./version.ts";

type OpenArgs = { readonly config: Config; readonly logger: Logger };

/** The data folder, claimed, and the database. */
export type OpenData = AsyncDisposable & { readonly storage: OpenStorage; readonly folder: DataFolder };

/** Claims the data folder and opens what is in it. Throws the sentence that says why it cannot. */
export async function openData({ config, logger }: OpenArgs): Promise<OpenData> {
  const folder = dataFolder(config.dataFolder);
  await prepareDataFolder(folder);
  await using opened = new AsyncDisposableStack();
  opened.adopt(lockDataFolder(folder), (lock) => lock.release());
  const { databaseUrl } = config;
  const engine =
    databaseUrl === undefined
      ? { kind: "sqlite" as const, path: folder.database }
      : { kind: "postgres" as const, url: databaseUrl };
  const storage = await inOneSentence(openStorage({ engine, clock: systemClock, logger }));
  opened.use(storage);
  const keep = opened.move();
  return { storage, folder, [Symbol.asyncDispose]: () => keep.disposeAsync() };
}

/** A homeserver on its data, listening nowhere yet. */
export type OpenServer = AsyncDisposable & { readonly homeserver: Homeserver; readonly folder: DataFolder };

/** Opens the data and builds the server on it. Throws the sentence that says why it cannot. */
export async function openServer({ config, logger }: OpenArgs): Promise<OpenServer> {
  await using opened = new AsyncDisposableStack();
  const { storage, folder } = opened.use(await openData({ config, logger }));
  const homeserver = await inOneSentence(
    createHomeserver({
      settings: { ...config, mediaFolder: folder.media },
      storage,
      clock: systemClock,
      random: systemRandom,
      logger,
      version: croftVersion(),
    }),
  );
  opened.defer(() => homeserver.stop());
  const keep = opened.move();
  return { homeserver, folder, [Symbol.asyncDispose]: () => keep.disposeAsync() };
}

/** What is wrong with the data is told in its own words; anything else is our bug. */
export async function inOneSentence<Result>(opening: Promise<Result>): Promise<Result> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof OtherServersData || error instanceof StorageUnavailable) throw new CommandError(error.message);
    throw error;
  }
}
