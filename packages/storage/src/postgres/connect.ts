import { StorageUnavailable } from "../storage.ts";
import { Connection } from "./connection.ts";
import { LOCK_NOT_AVAILABLE, sqlState, unreachable } from "./errors.ts";

/** Any number that no other program is likely to lock in the same database. */
const ADVISORY_LOCK = 6_015_204_837_105;
const LOCK_TIMEOUT_MS = 2_000;

/** The one connection that writes: it holds the database's lock, and its commits are synced before they are answered. */
export async function connectWriter(url: string): Promise<Connection> {
  const connection = new Connection({ url, name: "croft writer" });
  try {
    await connection.connect();
    await connection.query({ text: "SET synchronous_commit TO on" });
    await checkSettings(connection);
    await connection.query({ text: `SET lock_timeout TO ${LOCK_TIMEOUT_MS}` });
    await connection.query({ text: `SELECT pg_advisory_lock(${ADVISORY_LOCK})` });
    await connection.query({ text: "SET lock_timeout TO 0" });
    return connection;
  } catch (error) {
    await connection.end();
    if (error instanceof StorageUnavailable) throw error;
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw unreachable("The PostgreSQL database", error);
    throw new StorageUnavailable("The database is in use by another Croft.");
  }
}

/** Refuses a server that would lose what it has acknowledged, or could not hold every character. */
async function checkSettings(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ name: string; setting: string }>({
    text: "SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync', 'server_encoding')",
  });
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
