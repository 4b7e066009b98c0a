import type { Dialect, Row } from "./sql.ts";
import type { Bound, Spelling, Statement, Statements } from "./statements.ts";
import type { StorageUnavailable } from "./storage.ts";

/** One statement of a use case, ready to run. `rows` is how many rows it must touch; -1 where any number will do. */
export type BoundStatement = {
  readonly statement: Statement;
  readonly values: readonly Bound[];
  readonly rows: number;
};

/** All that one use case writes, in order. */
export type WriteSet = readonly BoundStatement[];

/** How a write set ended: on disk; rolled back alone by a guard; or refused with the error its caller gets. */
export type Outcome = "committed" | "guardFailed" | Error;

/** What an engine has done since it was opened. */
export type EngineCounts = { commits: number; rollbacks: number; queries: number; replays: number };

/** A database that runs reads at once and writes in groups. */
export interface Engine {
  readonly dialect: Dialect;
  readonly spelling: Spelling;
  readonly statements: Statements;
  readonly counts: Readonly<EngineCounts>;
  /** Reads the last commit. An answer that needs no waiting comes without a promise. */
  query(statement: Statement, values: readonly Bound[]): Row[] | Promise<Row[]>;
  /** Takes a write set in: sets are committed in the order of the calls. */
  submit(writes: WriteSet): void;
  /** Undefined when reads and writes work, else why not. */
  health(): Promise<StorageUnavailable | undefined>;
  /** Finishes what was submitted, then lets go of the database. */
  close(): Promise<void>;
}

/** Told after each commit group how the oldest submitted write sets ended, in their order. */
export type GroupListener = (outcomes: readonly Outcome[]) => void;
