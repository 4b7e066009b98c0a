import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import type { MigrationConnection } from "../migrations/migrate.ts";
import type { Row } from "../sql.ts";
import { sqliteDialect } from "./dialect.ts";

/** Changes the schema of a SQLite file; the copy before a change lies beside it, named for the version it holds. */
export function sqliteMigrationConnection(db: DatabaseSync, path: string): MigrationConnection {
  return {
    dialect: sqliteDialect,
    exec: (text) => db.exec(text),
    query: (text) => db.prepare(text).all() as Row[],
    snapshot(version) {
      const copy = `${path}.schema-${version}`;
      rmSync(copy, { force: true });
      db.prepare("VACUUM INTO ?").run(copy);
      const file = openSync(copy, "r");
      fsyncSync(file);
      closeSync(file);
    },
    async transaction(run) {
      db.exec("BEGIN IMMEDIATE");
      try {
        await run();
        db.exec("COMMIT");
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
    },
  };
}
