import pg from "pg";
import { StorageUnavailable } from "../storage.ts";
import { LOCK_NOT_AVAILABLE, reason, sqlState } from "./errors.ts";
import { rowTypes } from "./values.ts";

/** Any number that no other program is likely to lock in the same database. */
const ADVISORY_LOCK = 6_015_204_837_105;
const LOCK_TIMEOUT_MS = 2_000;
export const CONNECT_TIMEOUT_MS = 5_000;

/** The one connection that writes: it holds the database's lock, and its commits are synced before they are answered. */
export async function connectWriter(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types: rowTypes,
    pipeline: true,
    application_name: "croft writer",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A lost connection shows in the queries it was carrying; between queries, in the next one.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("SET synchronous_commit TO on");
    await checkSettings(client);
    await client.query(`SET lock_timeout TO ${LOCK_TIMEOUT_MS}`);
    await client.query(`SELECT pg_advisory_lock(${ADVISORY_LOCK})`);
    await client.query("SET lock_timeout TO 0");
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    if (error instanceof StorageUnavailable) throw error;
    const busy = sqlState(error) === LOCK_NOT_AVAILABLE;
    throw new StorageUnavailable(
      busy
        ? "The database is in use by another Croft."
        : `The PostgreSQL database cannot be reached: ${reason(error)}.`,
    );
  }
}

/** Refuses a server that would lose what it has acknowledged, or could not hold every character. */
async function checkSettings(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync', 'server_encoding')",
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  if (settings.get("synchronous_commit") !== "on" || settings.get("fsync") !== "on") {
    throw new StorageUnavailable("The PostgreSQL server does not sync commits to disk: set fsync = on.");
  }
  if (settings.get("server_encoding") !== "UTF8") {
    throw new StorageUnavailable(
      `The PostgreSQL database has the encoding ${settings.get("server_encoding")}: create it with ENCODING 'UTF8'.`,
    );
  }
}
