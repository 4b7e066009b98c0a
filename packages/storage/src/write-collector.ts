import type { EventId } from "@croft/protocol";
import type { Engine } from "./engine.ts";
import { BroughtIds } from "./interning/brought-ids.ts";
import type { Counters } from "./interning/counters.ts";
import type { Interner } from "./interning/interner.ts";
import type { Dialect, Interned, Position, ReadSql, Row, Touched, WriteSql } from "./sql.ts";
import type { Statement, TemplateValue } from "./statements.ts";

/** A statement as collected: ids and positions in its values still stand for themselves. */
export type Collected = {
  readonly statement: Statement;
  readonly values: readonly TemplateValue[];
  readonly rows: number;
};

/** A position is given when its write is handed over. */
export class PendingPosition implements Position {
  #value: number | undefined;

  get value(): number {
    if (this.#value === undefined) throw new Error("a position is known only once its write is handed over");
    return this.#value;
  }

  set(value: number): void {
    this.#value = value;
  }
}

/** Gathers what one run of a use case writes. */
export class WriteCollector implements WriteSql {
  readonly dialect: Dialect;
  readonly statements: Collected[] = [];
  readonly positions: PendingPosition[] = [];
  readonly brought: BroughtIds;
  readonly numbers: { readonly counter: "stateGroup" | "general"; readonly number: number }[] = [];
  readonly touched: Touched[] = [];
  readonly #engine: Engine;
  readonly #interner: Interner;
  readonly #effects: ((committed: boolean) => void)[] = [];
  readonly #counters: Counters;
  readonly #reader: ReadSql;
  #sealed = false;
  #settled = false;

  constructor(deps: { engine: Engine; interner: Interner; counters: Counters; reader: ReadSql }) {
    const { engine, interner, counters, reader } = deps;
    this.brought = new BroughtIds(deps);
    this.#interner = interner;
    this.dialect = engine.dialect;
    this.#engine = engine;
    this.#counters = counters;
    this.#reader = reader;
  }

  all<R extends Row = Row>(text: TemplateStringsArray, ...values: readonly TemplateValue[]): Promise<R[]> {
    return this.#reader.all(text, ...values);
  }

  one<R extends Row = Row>(text: TemplateStringsArray, ...values: readonly TemplateValue[]): Promise<R | undefined> {
    return this.#reader.one(text, ...values);
  }

  run(text: TemplateStringsArray, ...values: readonly TemplateValue[]): void {
    this.#collect(-1, text, values);
  }

  guard(rows: number): (text: TemplateStringsArray, ...values: readonly TemplateValue[]) => void {
    return (text, ...values) => this.#collect(rows, text, values);
  }

  nextPosition(): Position {
    this.#assertOpen();
    const position = new PendingPosition();
    this.positions.push(position);
    return position;
  }

  newEvent(eventId: EventId): number {
    this.#assertOpen();
    return this.brought.bring("event", eventId.toWellFormed());
  }

  nextNumber(counter: "stateGroup" | "general"): number {
    this.#assertOpen();
    const number = this.#counters.take(counter);
    this.numbers.push({ counter, number });
    return number;
  }

  async numbersOf(values: readonly Interned[]): Promise<number[]> {
    const unknown = values.filter((value) => !this.#interner.knows(value));
    const loaded = unknown.length > 0 ? await this.#interner.loadAll(unknown) : undefined;
    this.#assertOpen();
    return values.map((value) => this.brought.numberOrNew(value, loaded));
  }

  onSettled(effect: (committed: boolean) => void): void {
    this.#assertOpen();
    this.#effects.push(effect);
  }

  touch(touched: Touched): void {
    this.#assertOpen();
    this.touched.push(touched);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Nothing of it has to reach the disk. */
  get isEmpty(): boolean {
    const { statements, positions, numbers, brought } = this;
    return statements.length + positions.length + numbers.length + brought.size === 0;
  }

  /** Nothing may be added from here on: a write that was not awaited would be lost silently. */
  seal(): void {
    this.#sealed = true;
  }

  /** The write has ended, or never left: what it brought counts from now on, or is forgotten. */
  settle(committed: boolean): void {
    this.#sealed = true;
    this.#settled = true;
    this.brought.settle(committed);
    for (const effect of this.#effects) effect(committed);
  }

  #collect(rows: number, text: TemplateStringsArray, values: readonly TemplateValue[]): void {
    this.#assertOpen();
    const statement = this.#engine.statements.get(text, values);
    if (rows >= 0 && !statement.writes) throw new Error("a guard counts the rows that a statement writes");
    this.statements.push({ statement, values, rows });
  }

  #assertOpen(): void {
    if (this.#sealed) throw new Error("written after the use case had ended: a promise in it was not awaited");
  }
}
