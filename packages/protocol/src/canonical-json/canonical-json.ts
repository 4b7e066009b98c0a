import { badJson } from "../errors.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { isRawNumber } from "./raw-number.ts";

/**
 * The one text of a JSON value that hashes and signatures are made of. Throws `M_BAD_JSON` for what it cannot say:
 * numbers that are no integers or lie outside ±(2^53−1), strings that are not Unicode (lone surrogates), nesting past
 * {@link MAX_JSON_DEPTH}. Raw numbers (room versions 1 to 5) are printed as they were written.
 * https://spec.matrix.org/v1.19/appendices/#canonical-json
 */
export function canonicalJson(value: JsonValue): string {
  // The engine prints many times faster than we do, and is right whenever it would meet the keys in order.
  return isInOrder(value, 0) ? JSON.stringify(value) : print(value);
}

/**
 * A copy whose objects all have their keys in order, as far as the engine lets them: what is printed several times is
 * sorted once.
 */
export function inCanonicalOrder(object: JsonObject): JsonObject {
  if (isRawNumber(object)) return object;
  const keys = Object.keys(object).sort(compareCodePoints);
  return Object.fromEntries(keys.map((key) => [key, valueInOrder(object[key] as JsonValue)]));
}

function valueInOrder(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  return isArray(value) ? value.map(valueInOrder) : inCanonicalOrder(value);
}

/** Compares as the spec sorts keys: by code point, where JavaScript's `<` compares UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    // Surrogates spell code points above U+FFFF, so they follow every other unit, U+E000 to U+FFFF included.
    const leftIsSurrogate = left >= 0xd800 && left <= 0xdfff;
    const rightIsSurrogate = right >= 0xd800 && right <= 0xdfff;
    if (leftIsSurrogate === rightIsSurrogate) return left - right;
    return leftIsSurrogate ? 1 : -1;
  }
  return a.length - b.length;
}

/** Whether all keys are met in code point order. Visits everything, since it also refuses what is not canonical. */
function isInOrder(value: JsonValue, depth: number): boolean {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw badJson("A string holds a lone surrogate");
    return true;
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw badJson(`${value} is not an integer within ±(2^53−1)`);
    return true;
  }
  if (typeof value !== "object") {
    if (typeof value !== "boolean") throw new TypeError(`${typeof value} is not JSON`);
    return true;
  }
  if (value === null) return true;
  if (depth >= MAX_JSON_DEPTH) throw badJson(`JSON is nested more than ${MAX_JSON_DEPTH} levels deep`);
  let inOrder = true;
  if (isArray(value)) {
    for (const item of value) inOrder = isInOrder(item, depth + 1) && inOrder;
    return inOrder;
  }
  let previous: string | undefined;
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) throw badJson("A key holds a lone surrogate");
    if (previous !== undefined && compareCodePoints(previous, key) > 0) inOrder = false;
    previous = key;
    inOrder = isInOrder(value[key] as JsonValue, depth + 1) && inOrder;
  }
  return inOrder;
}

/** Prints by hand, since V8 moves integer-like keys to the front of any object that could be handed to it. */
function print(value: JsonValue): string {
  if (typeof value !== "object" || value === null || isRawNumber(value)) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(print).join(",")}]`;
  let text = "";
  for (const key of Object.keys(value).sort(compareCodePoints)) {
    text += `${text === "" ? "{" : ","}${JSON.stringify(key)}:${print(value[key] as JsonValue)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** `Array.isArray` narrows no readonly array. */
const isArray = (value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] => Array.isArray(value);
