import { addUnknown, bindValues } from "./binding.ts";
import type { BoundStatement, Engine, WriteSet } from "./engine.ts";
import type { Counter, Counters } from "./interning/counters.ts";
import type { Interner, LoadedIds } from "./interning/interner.ts";
import type { Interned } from "./sql.ts";
import type { WriteCollector } from "./write-collector.ts";

export type HandOverDeps = { readonly engine: Engine; readonly interner: Interner; readonly counters: Counters };

/** A write on its way to the disk. */
export type HandedOver = {
  readonly writes: WriteSet;
  /** The last position of the write; 0 if it took none. */
  readonly position: number;
  /** What it brought counts from now on, or is forgotten. */
  settle(committed: boolean): void;
};

/**
 * Reads what the write needs to know of stored ids: the only wait between a use case's end and its hand-over. Undefined
 * when memory knows them all.
 */
export function loadForWrite({ interner }: HandOverDeps, collector: WriteCollector): Promise<LoadedIds> | undefined {
  const unknown: Interned[] = [];
  const isKnown = (id: Interned) => interner.knows(id);
  for (const { values } of collector.statements) addUnknown(unknown, values, isKnown);
  return unknown.length > 0 ? interner.loadAll(unknown) : undefined;
}

/** Turns ids and positions into numbers, at once: the order of these calls is the order of positions. */
export function bindWrite(
  { engine, counters }: HandOverDeps,
  collector: WriteCollector,
  loaded: LoadedIds | undefined,
): HandedOver {
  let position = 0;
  for (const pending of collector.positions) {
    position = counters.take("position");
    pending.set(position);
  }
  const own: BoundStatement[] = collector.statements.map(({ statement, values, rows }) => ({
    statement,
    values: bindValues(values, (id) => collector.brought.numberOf(id, loaded)),
    rows,
  }));
  const reservations = new Reservations(counters);
  reservations.upTo("position", position);
  for (const { counter, number } of collector.numbers) reservations.upTo(counter, number);
  for (const { kind, number } of collector.brought) reservations.upTo(kind, number);
  return {
    writes: [...reservations.statements(engine), ...collector.brought.statements(engine), ...own],
    position,
    settle(committed) {
      if (committed) reservations.settle();
      collector.settle(committed);
    },
  };
}

/** How far the counters on disk have to move for a write. */
class Reservations {
  readonly #counters: Counters;
  readonly #upTo = new Map<Counter, number>();

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  upTo(counter: Counter, number: number): void {
    const upTo = this.#counters.toReserve(counter, number);
    if (upTo !== undefined && upTo > (this.#upTo.get(counter) ?? 0)) this.#upTo.set(counter, upTo);
  }

  *statements({ spelling, statements }: Engine): Generator<BoundStatement> {
    const places = `${spelling.placeholder(1)}, ${spelling.placeholder(2)}`;
    for (const [counter, upTo] of this.#upTo) {
      const text = `INSERT INTO counters (name, reserved) VALUES (${places}) ON CONFLICT (name) DO UPDATE SET reserved = excluded.reserved WHERE counters.reserved < excluded.reserved`;
      yield { statement: statements.ofText(text), values: [counter, upTo], rows: -1 };
    }
  }

  settle(): void {
    for (const [counter, upTo] of this.#upTo) this.#counters.reserved(counter, upTo);
  }
}
