import type { Interned } from "./sql.ts";
import { type Bound, isAnyOf, isInterned, isPosition, isRawSql, type TemplateValue } from "./statements.ts";

/** Puts the values of a template into the form the engine binds, ids as the numbers that `numberOf` gives. */
export function bindValues(values: readonly TemplateValue[], numberOf: (id: Interned) => number): Bound[] {
  const bound: Bound[] = [];
  for (const value of values) {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) bound.push(value);
    else if (isInterned(value)) bound.push(numberOf(value));
    else if (isPosition(value)) bound.push(value.value);
    else if (isAnyOf(value)) {
      bound.push(value.anyOf.map((item) => (typeof item === "object" ? numberOf(item) : item)));
    } else if (!isRawSql(value)) throw new TypeError("a value that no statement can hold");
  }
  return bound;
}

/** Adds to `unknown` every id among the values of a template that `isKnown` denies. */
export function addUnknown(
  unknown: Interned[],
  values: readonly TemplateValue[],
  isKnown: (id: Interned) => boolean,
): void {
  for (const value of values) {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) continue;
    if (isInterned(value)) {
      if (!isKnown(value)) unknown.push(value);
    } else if (isAnyOf(value)) {
      for (const item of value.anyOf) if (typeof item === "object" && !isKnown(item)) unknown.push(item);
    }
  }
}
