import type { Logger } from "@croft/runtime";
import pg from "pg";
import type { Engine, GroupListener, Outcome, WriteSet } from "../engine.ts";
import type { Row } from "../sql.ts";
import { type Bound, type Statement, Statements } from "../statements.ts";
import { StorageUnavailable } from "../storage.ts";
import { CONNECT_TIMEOUT_MS } from "./connect.ts";
import { postgresDialect, postgresSpelling } from "./dialect.ts";
import { isStatementError, reason } from "./errors.ts";
import { writeGroup } from "./group-writer.ts";
import type { Merger } from "./merge.ts";
import { driverValue, rowTypes } from "./values.ts";

export type PostgresEngineDeps = {
  readonly url: string;
  /** The connection that holds the lock. */
  readonly writer: pg.Client;
  /** Makes another one after that was lost; refuses if another Croft has written meanwhile. */
  readonly reconnect: () => Promise<pg.Client>;
  readonly merger: Merger;
  readonly logger: Logger;
  readonly onGroup: GroupListener;
};

const READ_CONNECTIONS = 8;
/** The most use cases in one transaction: what waits longer than that goes into the next. */
const MAX_GROUP = 512;

/** Reads through a pool, one connection for writes. */
export class PostgresEngine implements Engine {
  readonly dialect = postgresDialect;
  readonly spelling = postgresSpelling;
  readonly statements = new Statements(postgresSpelling);
  readonly counts = { commits: 0, rollbacks: 0, queries: 0, replays: 0 };
  readonly #deps: PostgresEngineDeps;
  readonly #pool: pg.Pool;
  readonly #waiting: WriteSet[] = [];
  #writer: pg.Client | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: PostgresEngineDeps) {
    this.#deps = deps;
    this.#useWriter(deps.writer);
    this.#pool = new pg.Pool({
      connectionString: deps.url,
      types: rowTypes,
      max: READ_CONNECTIONS,
      application_name: "croft reader",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      allowExitOnIdle: true,
    });
    this.#pool.on("error", (error) => deps.logger.warn({ err: error }, "a database connection was lost"));
  }

  async query(statement: Statement, values: readonly Bound[]): Promise<Row[]> {
    this.counts.queries++;
    const query = { name: `s${statement.number}`, text: statement.text, values: values.map(driverValue) };
    try {
      const { rows } = await this.#pool.query<Row>(query);
      return rows;
    } catch (error) {
      if (isStatementError(error)) throw error;
      throw new StorageUnavailable(`The database cannot be read: ${reason(error)}.`);
    }
  }

  submit(writes: WriteSet): void {
    this.#waiting.push(writes);
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  async health(): Promise<string | undefined> {
    try {
      await this.#pool.query("SELECT 1");
      return undefined;
    } catch (error) {
      return `The database cannot be reached: ${reason(error)}.`;
    }
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#writer?.end().catch(() => {});
    await this.#pool.end();
  }

  /** Commits what waits until nothing does. */
  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_GROUP);
      const outcomes = await this.#commit(group);
      for (const outcome of outcomes) if (outcome !== "committed") this.counts.rollbacks++;
      this.#deps.onGroup(outcomes);
    }
    this.#running = undefined;
  }

  async #commit(group: readonly WriteSet[]): Promise<readonly Outcome[]> {
    try {
      if (!this.#writer) this.#useWriter(await this.#deps.reconnect());
    } catch (error) {
      const refusal = error instanceof StorageUnavailable ? error : new StorageUnavailable(reason(error));
      return group.map(() => refusal);
    }
    const writer = this.#writer;
    if (!writer) return group.map(() => new StorageUnavailable("Nothing was stored: the database has gone."));
    const { outcomes, usable, replayed } = await writeGroup(writer, this.#deps.merger, group);
    if (replayed) this.counts.replays++;
    if (outcomes.includes("committed")) this.counts.commits++;
    if (!usable) {
      this.#deps.logger.error({ err: outcomes[0] }, "a commit failed");
      void writer.end().catch(() => {});
      this.#writer = undefined;
    }
    return outcomes;
  }

  /** A connection that ends between two groups is replaced before the next. */
  #useWriter(writer: pg.Client): void {
    this.#writer = writer;
    writer.once("end", () => {
      if (this.#writer === writer) this.#writer = undefined;
    });
  }
}
