import type { Engine, GroupListener } from "../engine.ts";
import { type MigrationConnection, migrate } from "../migrations/migrate.ts";
import type { Migration } from "../migrations/migrations.ts";
import type { Row } from "../sql.ts";
import { StorageUnavailable } from "../storage.ts";
import { connectWriter } from "./connect.ts";
import type { Connection } from "./connection.ts";
import { postgresDialect } from "./dialect.ts";
import { reason } from "./errors.ts";
import { Merger } from "./merge.ts";
import { PostgresEngine } from "./postgres-engine.ts";
import type { ColumnTypes } from "./row-insert.ts";

export type OpenPostgresDeps = {
  readonly url: string;
  readonly migrations: readonly Migration[];
  readonly onGroup: GroupListener;
};

/** Locks the database, brings its schema up to date and makes the engine. */
export async function openPostgres({ url, migrations, ...deps }: OpenPostgresDeps): Promise<Engine> {
  const writer = await connectWriter(url);
  try {
    await migrate(migrationConnection(writer), migrations);
    const term = await beginTerm(writer);
    const merger = new Merger(await readColumnTypes(writer));
    return new PostgresEngine({ url, writer, merger, reconnect: () => reconnect(url, term), ...deps });
  } catch (error) {
    await writer.end();
    throw error instanceof StorageUnavailable ? error : new StorageUnavailable(`The database: ${reason(error)}.`);
  }
}

function migrationConnection(connection: Connection): MigrationConnection {
  return {
    dialect: postgresDialect,
    async exec(text) {
      await connection.query({ text });
    },
    query: async (text) => (await connection.query<Row>({ text })).rows,
    // A change of schema is one transaction here; copies of the database are its operator's.
    snapshot() {},
    async transaction(run) {
      await connection.query({ text: "BEGIN" });
      try {
        await run();
        await connection.query({ text: "COMMIT" });
      } catch (error) {
        await connection.query({ text: "ROLLBACK" }).catch(() => {});
        throw error;
      }
    },
  };
}

/** Counts how often the database was opened for writing: whoever loses the lock can tell if somebody else had it. */
async function beginTerm(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ reserved: number }>({
    text: `INSERT INTO counters (name, reserved) VALUES ('term', 1)
      ON CONFLICT (name) DO UPDATE SET reserved = counters.reserved + 1 RETURNING reserved`,
  });
  return rows[0]?.reserved ?? 0;
}

async function reconnect(url: string, term: number): Promise<Connection> {
  const connection = await connectWriter(url);
  const { rows } = await connection.query<{ reserved: number }>({
    text: "SELECT reserved FROM counters WHERE name = 'term'",
  });
  if (rows[0]?.reserved === term) return connection;
  await connection.end();
  throw new StorageUnavailable("Another Croft has written to the database meanwhile: this one must be started again.");
}

async function readColumnTypes(connection: Connection): Promise<ColumnTypes> {
  const { rows } = await connection.query<{ name: string; type: string }>({
    text: `SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND pg_table_is_visible(c.oid)`,
  });
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  return (table, column) => types.get(`${table}.${column}`);
}
