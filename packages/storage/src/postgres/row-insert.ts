import type { Statement } from "../statements.ts";

/** Type of a table's column, as a cast spells it. */
export type ColumnTypes = (table: string, column: string) => string | undefined;

/** A single-row insert of plain values, which can be given many rows at once. */
export type RowInsert = {
  readonly table: string;
  /** The same insert, taking an array per place. */
  readonly manyText: string;
  readonly places: number;
  /** Places whose values together must differ between the rows of one statement; undefined where they need not. */
  readonly distinct: readonly number[] | undefined;
};

const INSERT = /^INSERT\s+INTO\s+(\w+)\s*\(([\w\s,]+)\)\s*VALUES\s*\(([^()]*)\)\s*(ON\s+CONFLICT[^$]*)?$/i;
const CONSTANT = /^(-?\d+|NULL|'[^',]*')$/i;
const DO_UPDATE = /^ON\s+CONFLICT\s*\(([\w\s,]+)\)[^$]*DO\s+UPDATE/i;

/** Reads a statement as a row insert; undefined for one that is more than that. */
export function rowInsert({ text }: Statement, columnTypes: ColumnTypes): RowInsert | undefined {
  const match = INSERT.exec(text);
  if (!match) return undefined;
  const [, table = "", columnList = "", valueList = "", conflict = ""] = match;
  const columns = splitList(columnList);
  const values = splitList(valueList);
  if (columns.length !== values.length) return undefined;

  const arrays: string[] = [];
  for (const [index, value] of values.entries()) {
    if (CONSTANT.test(value)) continue;
    const type = columnTypes(table, columns[index] ?? "");
    if (value !== `$${arrays.length + 1}` || !type) return undefined;
    arrays.push(`${value}::${type}[]`);
  }
  if (arrays.length === 0) return undefined;

  const distinct = distinctPlaces(conflict, columns, values);
  if (distinct === undefined && /DO\s+UPDATE/i.test(conflict)) return undefined;
  const selected = values.map((value) => (value.startsWith("$") ? `r.c${value.slice(1)}` : value)).join(", ");
  const names = arrays.map((_, index) => `c${index + 1}`).join(", ");
  const manyText = `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${selected} FROM unnest(${arrays.join(", ")}) AS r(${names}) ${conflict}`;
  return { table, manyText, places: arrays.length, distinct };
}

/** An upsert may meet each row once only. */
function distinctPlaces(
  conflict: string,
  columns: readonly string[],
  values: readonly string[],
): readonly number[] | undefined {
  const target = DO_UPDATE.exec(conflict)?.[1];
  if (target === undefined) return undefined;
  const places: number[] = [];
  for (const column of splitList(target)) {
    const value = values[columns.indexOf(column)];
    if (value === undefined) return undefined;
    if (value.startsWith("$")) places.push(Number(value.slice(1)) - 1);
  }
  return places;
}

const splitList = (list: string): string[] => list.split(",").map((item) => item.trim());
