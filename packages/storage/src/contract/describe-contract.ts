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

export const ENGINES = ["sqlite", "postgres"] as const;

/** A place for a database, empty until it is opened; `remove` it when it is closed. */
export async function makeDatabase(
  kind: EngineChoice["kind"],
): Promise<{ engine: EngineChoice; remove(): Promise<void> }> {
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

/** Runs the rules of a noun's store on both engines. `rules` declares the tests; each finds an empty storage. */
export function describeContract(noun: string, rules: (storage: () => ContractStorage) => void): void {
  describe.each(ENGINES)(`${noun} on %s`, (kind) => {
    let database: Awaited<ReturnType<typeof makeDatabase>>;
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
      database = await makeDatabase(kind);
      await open();
    });
    afterEach(async () => {
      await storage.close();
      await database.remove();
    });
    rules(() => storage);
  });
}
