import type { Dialect, Row } from "../sql.ts";
import { StorageUnavailable } from "../storage.ts";
import type { Migration } from "./migrations.ts";

/** The one connection that may change the schema, inside a transaction that the caller opens and ends. */
export interface MigrationConnection {
  readonly dialect: Dialect;
  exec(text: string): Promise<void> | void;
  query(text: string): Promise<Row[]> | Row[];
  /** Keeps a copy of the database as it is at this version, before it changes. */
  snapshot(version: number): Promise<void> | void;
  /** All of it or nothing. */
  transaction(run: () => Promise<void>): Promise<void>;
}

/**
 * Brings the schema to the newest version; no step is left half done. A database written by a newer version is refused
 * untouched.
 */
export async function migrate(connection: MigrationConnection, migrations: readonly Migration[]): Promise<void> {
  const { int } = connection.dialect;
  await connection.exec(`CREATE TABLE IF NOT EXISTS schema_version (version ${int} NOT NULL)`);
  const rows = await connection.query("SELECT version FROM schema_version");
  const current = Number(rows[0]?.["version"] ?? 0);
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new StorageUnavailable(
      `The database has schema version ${current}, written by a newer Croft; this one knows version ${newest}. Start the newer version, or restore a backup made by this one.`,
    );
  }
  if (current === newest) return;
  if (current > 0) await connection.snapshot(current);
  const upgrade = connection.transaction(async () => {
    for (const migration of migrations) {
      if (migration.version <= current) continue;
      for (const statement of migration.statements(connection.dialect)) await connection.exec(statement);
    }
    await connection.exec("DELETE FROM schema_version");
    await connection.exec(`INSERT INTO schema_version (version) VALUES (${newest})`);
  });
  await upgrade.catch((error: unknown) => {
    throw new StorageUnavailable(
      `The database could not be brought from schema version ${current} to ${newest}, and was left as it is: ${error instanceof Error ? error.message : String(error)}.`,
    );
  });
}
