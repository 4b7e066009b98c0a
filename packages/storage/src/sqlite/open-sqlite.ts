import type { Clock } from "@croft/runtime";
import type { Engine, GroupListener } from "../engine.ts";
import { migrate } from "../migrations/migrate.ts";
import type { Migration } from "../migrations/migrations.ts";
import { StorageUnavailable } from "../storage.ts";
import { connect } from "./connect.ts";
import { machineFault } from "./errors.ts";
import { lockDatabase } from "./lock.ts";
import { sqliteMigrationConnection } from "./migration-connection.ts";
import { SqliteEngine } from "./sqlite-engine.ts";

export type OpenSqliteDeps = {
  readonly path: string;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly onGroup: GroupListener;
};

/** Locks the file, brings its schema up to date and starts the writer. */
export async function openSqlite({ path, migrations, ...deps }: OpenSqliteDeps): Promise<Engine> {
  try {
    const lock = lockDatabase(path);
    try {
      const reader = connect(path);
      try {
        await migrate(sqliteMigrationConnection(reader, path), migrations);
        return await SqliteEngine.open({ path, reader, lock, ...deps });
      } catch (error) {
        reader.close();
        throw error;
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    const fault = machineFault(error);
    throw fault ? new StorageUnavailable(`The database ${path} cannot be opened: ${fault}.`) : error;
  }
}
