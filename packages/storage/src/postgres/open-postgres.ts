import type { Logger } from "@croft/runtime";
import type pg from "pg";
import type { Engine, GroupListener } from "../engine.ts";
import { type MigrationConnection, migrate } from "../migrations/migrate.ts";
import type { Migration } from "../migrations/migrations.ts";
import type { Row } from "../sql.ts";
import { StorageUnavailable } from "../storage.ts";
import { connectWriter } from "./connect.ts";
import { postgresDialect } from "./dialect.ts";
import { reason } from "./errors.ts";
import { Merger } from "./merge.ts";
import { PostgresEngine } from "./postgres-engine.ts";
import type { ColumnTypes } from "./row-insert.ts";

export type OpenPostgresDeps = {
  readonly url: string;
  readonly migrations: readonly Migration[];
  readonly logger: Logger;
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
    await writer.end().catch(() => {});
    throw error instanceof StorageUnavailable ? error : new StorageUnavailable(`The database: ${reason(error)}.`);
  }
}

function migrationConnection(client: pg.Client): MigrationConnection {
  return {
    dialect: postgresDialect,
    async exec(text) {
      await client.query(text);
    },
    query: async (text) => (await client.query<Row>(text)).rows,
    // A change of schema is one transaction here; copies of the database are its operator's.
    snapshot() {},
    async transaction(run) {
      await client.query("BEGIN");
      try {
        await run();
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK").catch(() => {});
        throw error;
      }
    },
  };
}

/** Counts how often the database was opened for writing: whoever loses the lock can tell if somebody else had it. */
async function beginTerm(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ reserved: number }>(
    `INSERT INTO counters (name, reserved) VALUES ('term', 1)
      ON CONFLICT (name) DO UPDATE SET reserved = counters.reserved + 1 RETURNING reserved`,
  );
  return rows[0]?.reserved ?? 0;
}

async function reconnect(url: string, term: number): Promise<pg.Client> {
  const client = await connectWriter(url);
  const { rows } = await client.query<{ reserved: number }>("SELECT reserved FROM counters WHERE name = 'term'");
  if (rows[0]?.reserved === term) return client;
  await client.end().catch(() => {});
  throw new StorageUnavailable("Another Croft has written to the database meanwhile: this one must be started again.");
}

async function readColumnTypes(client: pg.Client): Promise<ColumnTypes> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND pg_table_is_visible(c.oid)`,
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  return (table, column) => types.get(`${table}.${column}`);
}
