import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { pragma } from "./connect.ts";
import { machineFault } from "./errors.ts";

/**
 * Write sets as they cross to the writer, flat to be cheap to copy: for each set the number of its statements, then for
 * each statement its number, the rows it must touch (-1: any), the number of its values and the values.
 */
export type FlatWrites = SQLInputValue[];

/** How a write set ended, as it crosses back. */
export type FlatOutcome = 0 | 1 | { readonly message: string; readonly unavailable: boolean };
export const COMMITTED = 0;
export const GUARD_FAILED = 1;

/** Commits groups of write sets, each in one transaction. */
export class GroupWriter {
  readonly #db: DatabaseSync;
  readonly #texts: string[] = [];
  readonly #prepared: StatementSync[] = [];
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #logSize: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    pragma(db, "wal_autocheckpoint = 0");
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#savepoint = db.prepare("SAVEPOINT use_case");
    this.#release = db.prepare("RELEASE use_case");
    this.#logSize = db.prepare("PRAGMA wal_checkpoint(NOOP)");
  }

  /** Statement texts follow each other in the order of their numbers. */
  learn(texts: readonly string[]): void {
    this.#texts.push(...texts);
  }

  /** All sets in one transaction. A set that fails is rolled back alone; a failing machine refuses the whole group. */
  commit(group: readonly FlatWrites[]): FlatOutcome[] {
    const outcomes: FlatOutcome[] = [];
    try {
      this.#begin.run();
      for (const writes of group) this.#writeSets(writes, outcomes);
      this.#commit.run();
      return outcomes;
    } catch (error) {
      this.#abandon();
      const message = machineFault(error) ?? String(error);
      return group.flatMap((writes) => setsIn(writes).map(() => ({ message, unavailable: true })));
    }
  }

  /** Moves the log into the database file if it has grown past `pages`. */
  checkpoint(pages: number): void {
    try {
      const log = this.#logSize.get()?.["log"];
      if (typeof log === "number" && log > pages) this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // The log keeps what is committed; the next checkpoint tries again, and a failing disk shows at the next commit.
    }
  }

  #writeSets(flat: FlatWrites, outcomes: FlatOutcome[]): void {
    for (let at = 0; at < flat.length; ) {
      const end = endOfSet(flat, at);
      outcomes.push(this.#writeSet(flat, at, end));
      at = end;
    }
  }

  #writeSet(flat: FlatWrites, start: number, end: number): FlatOutcome {
    this.#savepoint.run();
    try {
      for (let at = start + 1; at < end; ) {
        const rows = flat[at + 1] as number;
        const values = at + 3;
        const next = values + (flat[at + 2] as number);
        const { changes } = this.#statement(flat[at] as number).run(...flat.slice(values, next));
        if (rows >= 0 && changes !== rows) {
          this.#undo();
          return GUARD_FAILED;
        }
        at = next;
      }
    } catch (error) {
      if (!this.#db.isTransaction || machineFault(error)) throw error;
      this.#undo();
      return { message: String(error), unavailable: false };
    }
    this.#release.run();
    return COMMITTED;
  }

  #undo(): void {
    this.#db.exec("ROLLBACK TO use_case; RELEASE use_case");
  }

  #abandon(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
    } catch {
      // A rollback that cannot reach the disk still ends the transaction.
    }
  }

  #statement(number: number): StatementSync {
    let statement = this.#prepared[number];
    if (!statement) {
      statement = this.#db.prepare(this.#texts[number] ?? "");
      this.#prepared[number] = statement;
    }
    return statement;
  }
}

/** Where the set that starts at `at` ends. */
function endOfSet(flat: FlatWrites, at: number): number {
  let end = at + 1;
  for (let statements = flat[at] as number; statements > 0; statements--) end += 3 + (flat[end + 2] as number);
  return end;
}

/** Where each set starts. */
function setsIn(flat: FlatWrites): number[] {
  const starts: number[] = [];
  for (let at = 0; at < flat.length; at = endOfSet(flat, at)) starts.push(at);
  return starts;
}
