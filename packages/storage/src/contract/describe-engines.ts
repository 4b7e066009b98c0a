import { afterEach, beforeEach, describe } from "vitest";
import type { EngineChoice } from "../open-storage.ts";
import { type Database, ENGINES, makeDatabase, PATIENCE_MS } from "./describe-contract.ts";
import { openRaw, type RawStorage } from "./raw-storage.ts";

export type RawDatabase = {
  readonly engine: EngineChoice;
  readonly storage: RawStorage;
  /** Closes the storage and opens it again on the same data. */
  reopen(): Promise<RawStorage>;
};

/** Runs rules that hold for any store on both engines, each on an empty database. */
export function describeEngines(subject: string, rules: (database: () => RawDatabase) => void): void {
  describe.each(ENGINES)(`${subject} on %s`, { timeout: PATIENCE_MS }, (kind) => {
    let made: Database;
    let storage: RawStorage;

    beforeEach(async () => {
      made = await makeDatabase(kind);
      storage = await openRaw(made.engine);
    }, PATIENCE_MS);
    afterEach(async () => {
      await storage.close();
      await made.remove();
    });
    rules(() => ({
      engine: made.engine,
      storage,
      async reopen() {
        await storage.close();
        storage = await openRaw(made.engine);
        return storage;
      },
    }));
  });
}
