import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, TestClock } from "@croft/runtime";
import { sharedPostgres } from "@croft/testkit/postgres";
import { afterEach, beforeEach, describe } from "vitest";
import { type EngineChoice, type OpenStorage, openStorage } from "../open-storage.ts";

/** A storage with every store, on one engine or the other, new for each test. */
export type ContractStorage = OpenStorage & {
  /** Closes it and opens it again: memory is lost, the disk is not. Later calls find the new one. */
  reopen(): Promise<void>;
};

/** A test may be the one that has to start the database, on a busy machine. */
export const PATIENCE_MS = 60_000;

export const ENGINES = ["sqlite", "postgres"] as const;

/** A place for a database, empty until it is opened; `remove` it when it is closed. */
export type Database = { readonly engine: EngineChoice; remove(): Promise<void> };

export async function makeDatabase(kind: EngineChoice["kind"]): Promise<Database> {
  if (kind === "postgres") {
    const server = await sharedPostgres();
    return { engine: { kind, url: await server.createDatabase() }, remove: async () => {} };
  }
  const directory = await mkdtemp(join(tmpdir(), "croft-contract-"));
  return {
    engine: { kind, path: join(directory, "croft.db") },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

let migrated: Promise<string> | undefined;

/** A PostgreSQL database that has the newest schema: copying it takes half the time of making another one. */
async function migratedDatabase(): Promise<string> {
  const { engine } = await makeDatabase("postgres");
  const storage = await openStorage({ engine, clock: new TestClock(), logger: silentLogger });
  await storage.close();
  return engine.kind === "postgres" ? engine.url : "";
}

async function makeMigratedDatabase(kind: EngineChoice["kind"]): Promise<Database> {
  if (kind === "sqlite") return makeDatabase(kind);
  migrated ??= migratedDatabase();
  const server = await sharedPostgres();
  return { engine: { kind, url: await server.createDatabase(await migrated) }, remove: async () => {} };
}

/** Runs the rules of a noun's store on both engines. `rules` declares the tests; each finds an empty storage. */
export function describeContract(noun: string, rules: (storage: () => ContractStorage) => void): void {
  describe.each(ENGINES)(`${noun} on %s`, { timeout: PATIENCE_MS }, (kind) => {
    let database: Database;
    let storage: ContractStorage;

    const open = async () => {
      const opened = await openStorage({ engine: database.engine, clock: new TestClock(), logger: silentLogger });
      storage = Object.assign(opened, {
        async reopen() {
          await opened.close();
          await open();
        },
      });
    };
    beforeEach(async () => {
      database = await makeMigratedDatabase(kind);
      await open();
    }, PATIENCE_MS);
    afterEach(async () => {
      await storage.close();
      await database.remove();
    });
    rules(() => storage);
  });
}
