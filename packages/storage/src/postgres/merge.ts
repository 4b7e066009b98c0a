import type { BoundStatement, WriteSet } from "../engine.ts";
import type { Bound, Statement } from "../statements.ts";
import { type ColumnTypes, type RowInsert, rowInsert } from "./row-insert.ts";
import { type DriverValue, driverValue } from "./values.ts";

/** A statement as it is sent. `rows` is how many rows it must touch; -1 where any number will do. */
export type Sendable = {
  readonly name: string;
  readonly text: string;
  readonly values: readonly DriverValue[];
  readonly rows: number;
};

/** What is known of a statement's text. */
type Facts = { readonly insert: RowInsert | undefined; readonly words: ReadonlySet<string> };

/** Rows for one insert, gathered from several use cases. */
type Batch = {
  readonly statement: Statement;
  readonly insert: RowInsert;
  readonly guarded: boolean;
  readonly rows: (readonly Bound[])[];
  readonly keys: Set<string>;
};

/**
 * Merges equal single-row inserts of a group into one statement each. A row moves ahead of what was written between,
 * so that must not mention its table: an insert of plain values depends on nothing else.
 */
export class Merger {
  readonly #columnTypes: ColumnTypes;
  readonly #facts: Facts[] = [];

  constructor(columnTypes: ColumnTypes) {
    this.#columnTypes = columnTypes;
  }

  merge(group: readonly WriteSet[]): Sendable[] {
    const merged: (Batch | BoundStatement)[] = [];
    const open = new Map<number, Batch>();
    for (const writes of group) {
      for (const bound of writes) {
        const { insert, words } = this.#factsOf(bound.statement);
        for (const [number, batch] of open) {
          if (number !== bound.statement.number && words.has(batch.insert.table)) open.delete(number);
        }
        if (!insert || !mergesWithRows(bound.rows)) {
          open.delete(bound.statement.number);
          merged.push(bound);
          continue;
        }
        const batch = open.get(bound.statement.number);
        if (batch && takes(batch, bound)) continue;
        const fresh = startBatch(insert, bound);
        open.set(bound.statement.number, fresh);
        merged.push(fresh);
      }
    }
    return merged.map((item) => ("insert" in item ? sendBatch(item) : send(item)));
  }

  #factsOf(statement: Statement): Facts {
    let facts = this.#facts[statement.number];
    if (!facts) {
      facts = {
        insert: rowInsert(statement, this.#columnTypes),
        words: new Set(statement.text.match(/\w+/g)),
      };
      this.#facts[statement.number] = facts;
    }
    return facts;
  }
}

/** A statement sent alone. */
export function send({ statement, values, rows }: BoundStatement): Sendable {
  return { name: `s${statement.number}`, text: statement.text, values: values.map(driverValue), rows };
}

function startBatch(insert: RowInsert, { statement, values, rows }: BoundStatement): Batch {
  const batch = { statement, insert, guarded: rows >= 0, rows: [values], keys: new Set<string>() };
  if (insert.distinct) batch.keys.add(keyOf(insert.distinct, values));
  return batch;
}

/** Adds a row, unless it has to be a statement of its own. */
function takes(batch: Batch, { values, rows }: BoundStatement): boolean {
  if (batch.guarded !== rows >= 0) return false;
  if (batch.insert.distinct) {
    const key = keyOf(batch.insert.distinct, values);
    if (batch.keys.has(key)) return false;
    batch.keys.add(key);
  }
  batch.rows.push(values);
  return true;
}

/** A guard on an insert says that its row is new. */
const mergesWithRows = (rows: number): boolean => rows === -1 || rows === 1;

const keyOf = (places: readonly number[], values: readonly Bound[]): string =>
  JSON.stringify(places.map((place) => values[place]));

function sendBatch({ statement, insert, rows, guarded }: Batch): Sendable {
  const [first] = rows;
  if (first && rows.length === 1) return send({ statement, values: first, rows: guarded ? 1 : -1 });
  const values: DriverValue[] = [];
  for (let place = 0; place < insert.places; place++) values.push(rows.map((row) => driverValue(row[place] ?? null)));
  return { name: `m${statement.number}`, text: insert.manyText, values, rows: guarded ? rows.length : -1 };
}
