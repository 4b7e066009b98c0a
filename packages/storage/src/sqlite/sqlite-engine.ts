import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import type { Clock } from "@croft/runtime";
import type { Engine, GroupListener, Outcome, WriteSet } from "../engine.ts";
import type { Row } from "../sql.ts";
import { type Bound, type Statement, Statements } from "../statements.ts";
import { StorageUnavailable } from "../storage.ts";
import { sqliteDialect, sqliteSpelling } from "./dialect.ts";
import { machineFault } from "./errors.ts";
import { COMMITTED, type FlatOutcome, type FlatWrites, GUARD_FAILED } from "./group-writer.ts";
import type { FromWriter, ToWriter } from "./writer-thread.ts";

export type SqliteEngineDeps = {
  readonly path: string;
  /** The connection for reads, on this thread; closed with the engine. */
  readonly reader: DatabaseSync;
  readonly lock: { release(): void };
  readonly clock: Clock;
  readonly onGroup: GroupListener;
};

/** How long nothing must have been written before the log is tidied up. */
const IDLE_MS = 500;

/** Reads on this thread, one writer in another. */
export class SqliteEngine implements Engine {
  readonly dialect = sqliteDialect;
  readonly spelling = sqliteSpelling;
  readonly statements = new Statements(sqliteSpelling);
  readonly counts = { commits: 0, rollbacks: 0, queries: 0, replays: 0 };
  readonly #deps: SqliteEngineDeps;
  readonly #prepared: StatementSync[] = [];
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  readonly #closed: Promise<void>;
  /** By statement number, what the writer knows it as. */
  readonly #writerNumbers: number[] = [];
  #textsKnown = 0;
  #newTexts: string[] = [];
  #waiting: FlatWrites = [];
  #inFlight = 0;
  #broken: string | undefined;
  #closing = false;
  #cancelIdle = () => {};

  private constructor(deps: SqliteEngineDeps) {
    this.#deps = deps;
    deps.reader.exec("PRAGMA query_only = 1");
    this.#worker = new Worker(new URL("./writer-thread.ts", import.meta.url), { workerData: { path: deps.path } });
    const { promise: ready, resolve: onReady, reject: onFailed } = Promise.withResolvers<void>();
    const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
    this.#ready = ready;
    this.#closed = closed;
    this.#worker.on("message", (message: FromWriter) => {
      if (message === "ready") onReady();
      else if (message !== "closed") this.#ended(message);
    });
    this.#worker.on("error", (error) => {
      this.#broken = machineFault(error) ?? String(error);
    });
    this.#worker.on("exit", () => {
      this.#broken ??= "the writer has ended";
      onFailed(new StorageUnavailable(`The database ${deps.path} cannot be written: ${this.#broken}.`));
      this.#refuseAll();
      onClosed();
    });
  }

  static async open(deps: SqliteEngineDeps): Promise<SqliteEngine> {
    const engine = new SqliteEngine(deps);
    await engine.#ready;
    engine.#worker.unref();
    return engine;
  }

  query(statement: Statement, values: readonly Bound[]): Row[] {
    this.counts.queries++;
    try {
      let prepared = this.#prepared[statement.number];
      if (!prepared) {
        prepared = this.#deps.reader.prepare(statement.text);
        this.#prepared[statement.number] = prepared;
      }
      return prepared.all(...values.map(flatValue)) as Row[];
    } catch (error) {
      const fault = machineFault(error);
      throw fault ? new StorageUnavailable(`The database cannot be read: ${fault}.`) : error;
    }
  }

  submit(writes: WriteSet): void {
    if (this.#waiting.length === 0) queueMicrotask(() => this.#post());
    if (this.#inFlight++ === 0) this.#busy();
    const flat = this.#waiting;
    flat.push(writes.length);
    for (const { statement, values, rows } of writes) {
      flat.push(this.#writerNumber(statement), rows, values.length);
      for (const value of values) flat.push(flatValue(value));
    }
  }

  async health(): Promise<StorageUnavailable | undefined> {
    if (this.#broken) return unwritable(this.#broken);
    try {
      this.#deps.reader.prepare("SELECT 1").get();
      return undefined;
    } catch (error) {
      const message = "The database cannot be read";
      return new StorageUnavailable(`${message}: ${machineFault(error) ?? String(error)}.`, `${message}.`);
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#busy();
    this.#post();
    this.#tell({ kind: "close" });
    await this.#closed;
    this.#deps.reader.close();
    this.#deps.lock.release();
  }

  #post(): void {
    if (this.#waiting.length === 0) return;
    if (this.#broken) {
      this.#refuseAll();
      return;
    }
    this.#tell({ kind: "writes", texts: this.#newTexts, writes: this.#waiting });
    this.#newTexts = [];
    this.#waiting = [];
  }

  #tell(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #busy(): void {
    this.#cancelIdle();
    this.#worker.ref();
  }

  #idle(): void {
    if (this.#closing) return;
    this.#worker.unref();
    this.#cancelIdle = this.#deps.clock.after(IDLE_MS, () => this.#tell({ kind: "idle" }));
  }

  #ended(flat: readonly FlatOutcome[]): void {
    const outcomes = flat.map((outcome) => this.#outcome(outcome));
    if (outcomes.includes("committed")) this.counts.commits++;
    this.#finish(outcomes);
  }

  #finish(outcomes: readonly Outcome[]): void {
    this.#inFlight -= outcomes.length;
    if (this.#inFlight === 0) this.#idle();
    for (const outcome of outcomes) if (outcome !== "committed") this.counts.rollbacks++;
    this.#deps.onGroup(outcomes);
  }

  #outcome(flat: FlatOutcome): Outcome {
    if (flat === COMMITTED) return "committed";
    if (flat === GUARD_FAILED) return "guardFailed";
    return flat.unavailable ? new StorageUnavailable(`Nothing was stored: ${flat.message}.`) : new Error(flat.message);
  }

  /** The writer is gone: what it had not answered may or may not be stored. */
  #refuseAll(): void {
    this.#waiting = [];
    if (this.#inFlight === 0) return;
    const refusal = unwritable(this.#broken);
    this.#finish(Array.from({ length: this.#inFlight }, () => refusal));
  }

  #writerNumber(statement: Statement): number {
    let number = this.#writerNumbers[statement.number];
    if (number === undefined) {
      number = this.#textsKnown++;
      this.#writerNumbers[statement.number] = number;
      this.#newTexts.push(statement.text);
    }
    return number;
  }
}

/** A list crosses as JSON text, which the statement unpacks; its strings as they would be stored. */
const flatValue = (value: Bound): SQLInputValue =>
  typeof value === "object" && value !== null && !(value instanceof Uint8Array)
    ? JSON.stringify(value.map((item) => (typeof item === "string" ? item.toWellFormed() : item)))
    : value;

/** Why the writer has ended may be anything. */
const unwritable = (reason = "the writer is gone"): StorageUnavailable =>
  new StorageUnavailable(`The database cannot be written: ${reason}.`, "The database cannot be written.");
