import type { Engine, GroupListener, Outcome, WriteSet } from "../engine.ts";
import type { Row } from "../sql.ts";
import { type Bound, type Statement, Statements } from "../statements.ts";
import { StorageUnavailable } from "../storage.ts";
import type { Connection } from "./connection.ts";
import { postgresDialect, postgresSpelling } from "./dialect.ts";
import { isStatementError, meaning, reason, unreachable } from "./errors.ts";
import { writeGroup } from "./group-writer.ts";
import type { Merger } from "./merge.ts";
import { ReadConnections } from "./read-connections.ts";
import { driverValue } from "./values.ts";

export type PostgresEngineDeps = {
  readonly url: string;
  /** The connection that holds the lock. */
  readonly writer: Connection;
  /** Makes another one after that was lost; refuses if another Croft has written meanwhile. */
  readonly reconnect: () => Promise<Connection>;
  readonly merger: Merger;
  readonly onGroup: GroupListener;
};

/** The most use cases in one transaction: what waits longer than that goes into the next. */
const MAX_GROUP = 512;

/** Reads through a pool, one connection for writes. */
export class PostgresEngine implements Engine {
  readonly dialect = postgresDialect;
  readonly spelling = postgresSpelling;
  readonly statements = new Statements(postgresSpelling);
  readonly counts = { commits: 0, rollbacks: 0, queries: 0, replays: 0 };
  readonly #deps: PostgresEngineDeps;
  readonly #readers: ReadConnections;
  readonly #waiting: WriteSet[] = [];
  #writer: Connection | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: PostgresEngineDeps) {
    this.#deps = deps;
    this.#writer = deps.writer;
    this.#readers = new ReadConnections(deps.url);
  }

  async query(statement: Statement, values: readonly Bound[]): Promise<Row[]> {
    this.counts.queries++;
    const query = { name: `s${statement.number}`, text: statement.text, values: values.map(driverValue) };
    try {
      const { rows } = await this.#readers.query(query);
      return rows;
    } catch (error) {
      if (isStatementError(error)) throw error;
      const message = `The database cannot be read: ${reason(error)}.`;
      throw new StorageUnavailable(message, `The database cannot be read: ${meaning(error)}.`);
    }
  }

  submit(writes: WriteSet): void {
    this.#waiting.push(writes);
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  async health(): Promise<StorageUnavailable | undefined> {
    try {
      await this.#readers.query({ text: "SELECT 1" });
      return undefined;
    } catch (error) {
      return unreachable("The database", error);
    }
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#writer?.end();
    await this.#readers.close();
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
    let writer: Connection;
    try {
      writer = await this.#usableWriter();
    } catch (error) {
      const refusal = error instanceof StorageUnavailable ? error : unreachable("The database", error);
      return group.map(() => refusal);
    }
    const { outcomes, usable, replayed } = await writeGroup(writer, this.#deps.merger, group);
    if (replayed) this.counts.replays++;
    if (outcomes.includes("committed")) this.counts.commits++;
    if (!usable) {
      void writer.end();
      this.#writer = undefined;
    }
    return outcomes;
  }

  /** A connection that ended between two groups is replaced before the next. */
  async #usableWriter(): Promise<Connection> {
    if (!this.#writer || this.#writer.ended) this.#writer = await this.#deps.reconnect();
    return this.#writer;
  }
}
