import type { AnyOf, Interned, Position, RawSql, SqlValue } from "./sql.ts";

/** What a statement's place may hold. */
export type TemplateValue = SqlValue | AnyOf | RawSql;

/** A value as the engine binds it; an array is a list for `anyOf`. */
export type Bound = string | number | bigint | null | Uint8Array | readonly (string | number)[];

/** A statement text as one engine understands it. Number counts from 0 in the order of first use. */
export type Statement = {
  readonly number: number;
  readonly text: string;
  /** It inserts, updates or deletes rows, so their number means something. */
  readonly writes: boolean;
};

const WRITES = /^(INSERT|UPDATE|DELETE)\b/i;

/** How an engine spells a place for a value and a test against a list. */
export type Spelling = { placeholder(position: number): string; anyOf(placeholder: string): string };

export const isInterned = (value: object): value is Interned => "intern" in value;
export const isAnyOf = (value: object): value is AnyOf => "anyOf" in value;
export const isRawSql = (value: object): value is RawSql => "rawSql" in value;
export const isPosition = (value: object): value is Position => "value" in value;

/** Makes each template a statement once: found again by the identity of the template's strings. */
export class Statements {
  readonly #spelling: Spelling;
  readonly #byTemplate = new WeakMap<TemplateStringsArray, Map<string, Statement>>();
  readonly #byText = new Map<string, Statement>();

  constructor(spelling: Spelling) {
    this.#spelling = spelling;
  }

  /** The statement for a template with these values. Lists and raw pieces are part of what tells statements apart. */
  get(strings: TemplateStringsArray, values: readonly TemplateValue[]): Statement {
    const shape = shapeOf(values);
    let shapes = this.#byTemplate.get(strings);
    if (!shapes) {
      shapes = new Map();
      this.#byTemplate.set(strings, shapes);
    }
    let statement = shapes.get(shape);
    if (!statement) {
      statement = this.ofText(this.#compile(strings, values));
      shapes.set(shape, statement);
    }
    return statement;
  }

  /** The statement of a text in the engine's own spelling. */
  ofText(text: string): Statement {
    let statement = this.#byText.get(text);
    if (!statement) {
      statement = { number: this.#byText.size, text, writes: WRITES.test(text) };
      this.#byText.set(text, statement);
    }
    return statement;
  }

  #compile(strings: TemplateStringsArray, values: readonly TemplateValue[]): string {
    let text = strings[0] ?? "";
    let position = 0;
    values.forEach((value, index) => {
      if (typeof value === "object" && value !== null && isRawSql(value)) text += value.rawSql;
      else {
        const placeholder = this.#spelling.placeholder(++position);
        const list = typeof value === "object" && value !== null && isAnyOf(value);
        text += list ? this.#spelling.anyOf(placeholder) : placeholder;
      }
      text += strings[index + 1] ?? "";
    });
    return text.trim();
  }
}

/** Empty for the usual template, in which every place is a plain value. */
function shapeOf(values: readonly TemplateValue[]): string {
  let shape = "";
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== "object" || value === null) continue;
    if (isRawSql(value)) shape += `${index}:${value.rawSql};`;
    else if (isAnyOf(value)) shape += `${index}*;`;
  }
  return shape;
}
