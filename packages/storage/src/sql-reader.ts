import { addUnknown, bindValues } from "./binding.ts";
import type { Engine } from "./engine.ts";
import { ID_TABLES, type Interner, type LookUp } from "./interning/interner.ts";
import type { Dialect, Interned, ReadSql, Row } from "./sql.ts";
import type { TemplateValue } from "./statements.ts";

/** Bound for an id that is not stored: no row has it. */
const NO_NUMBER = -1;

/** Reads the last commit. */
export class SqlReader implements ReadSql {
  readonly dialect: Dialect;
  readonly #engine: Engine;
  readonly #interner: Interner;

  constructor({ engine, interner }: { engine: Engine; interner: Interner }) {
    this.dialect = engine.dialect;
    this.#engine = engine;
    this.#interner = interner;
  }

  async all<R extends Row = Row>(text: TemplateStringsArray, ...values: readonly TemplateValue[]): Promise<R[]> {
    const statement = this.#engine.statements.get(text, values);
    const interner = this.#interner;
    const unknown: Interned[] = [];
    addUnknown(unknown, values, ({ intern: kind, id }) => interner.committed(kind, id) !== undefined);
    const loaded = unknown.length > 0 ? await interner.loadAll(unknown) : undefined;
    const bound = bindValues(
      values,
      (id) => interner.committed(id.intern, id.id) ?? loaded?.get(id.intern)?.get(id.id) ?? NO_NUMBER,
    );
    return (await this.#engine.query(statement, bound)) as R[];
  }

  async one<R extends Row = Row>(
    text: TemplateStringsArray,
    ...values: readonly TemplateValue[]
  ): Promise<R | undefined> {
    const rows = await this.all<R>(text, ...values);
    return rows[0];
  }
}

/** Reads numbers of ids from their tables. */
export function idLookUp(engine: Engine): LookUp {
  return async (kind, ids) => {
    const { table, number, id } = ID_TABLES[kind];
    const text = `SELECT ${number} AS number, ${id} AS id FROM ${table} WHERE ${id} ${engine.spelling.anyOf(engine.spelling.placeholder(1))}`;
    const rows = await engine.query(engine.statements.ofText(text), [ids]);
    return new Map(rows.map((row) => [row["id"] as string, row["number"] as number]));
  };
}
