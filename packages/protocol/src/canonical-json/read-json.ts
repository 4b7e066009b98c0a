import { badJson, MatrixError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { rawNumber } from "./raw-number.ts";

/** What `JSON.parse` hides of a text. */
type Tokens = { readonly members: number; readonly depth: number; readonly oddNumber: string | undefined };

/** The third argument of a reviver, which the compiler's libraries do not declare yet. */
type Source = { readonly source?: string };

/**
 * Reads JSON without losing what `JSON.parse` loses. Throws `M_NOT_JSON` for what is no JSON and `M_BAD_JSON` for nesting
 * past {@link MAX_JSON_DEPTH}.
 *
 * Strict (room versions 6 and later): throws `M_BAD_JSON` for fractions, exponents, `-0`, integers outside ±(2^53−1) and
 * duplicate keys. Lenient (1 to 5): the last of duplicate keys wins, `-0` is 0, an exponent that makes an integer is that
 * integer (the appendix's own example), and every other such number becomes a `RawNumber`, so that the text that is
 * hashed says what the sender hashed.
 * https://spec.matrix.org/v1.19/appendices/#canonical-json
 */
export function readJson(text: string, { strict }: { readonly strict: boolean }): JsonValue {
  const tokens = scan(text);
  if (tokens.depth > MAX_JSON_DEPTH) throw badJson(`JSON is nested more than ${MAX_JSON_DEPTH} levels deep`);
  const { oddNumber } = tokens;
  if (!strict) return parse(text, oddNumber === undefined ? undefined : keepOddNumbers);
  const value = parse(text);
  if (oddNumber !== undefined) throw badJson(`${oddNumber.slice(0, 40)} is not an integer within ±(2^53−1)`);
  // Every member has one colon: where fewer keys arrived than were written, one was written twice.
  if (countMembers(value) !== tokens.members) throw badJson("An object has a key twice");
  return value;
}

function parse(text: string, reviver?: (key: string, value: JsonValue, source: Source) => JsonValue): JsonValue {
  try {
    return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    if (error instanceof SyntaxError) throw new MatrixError("M_NOT_JSON", "Not valid JSON");
    throw error;
  }
}

function keepOddNumbers(_key: string, value: JsonValue, { source }: Source): JsonValue {
  if (typeof value !== "number" || source === undefined || isPlainInteger(source)) return value;
  if (Number.isSafeInteger(value) && !source.includes(".")) return value === 0 ? 0 : value;
  return rawNumber(source);
}

const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/** Number() rounds what is just outside the safe range to what is outside it, so the check after it is exact. */
const isPlainInteger = (token: string): boolean => INTEGER.test(token) && Number.isSafeInteger(Number(token));

/** One pass over the text, which need not be JSON: `parse` says whether it is. */
function scan(text: string): Tokens {
  let members = 0;
  let level = 0;
  let depth = 0;
  let oddNumber: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) i = endOfString(text, i);
    else if (unit === COLON) members++;
    else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) depth = Math.max(depth, ++level);
    else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) level--;
    else if (unit === MINUS || isDigit(unit)) {
      const end = endOfNumber(text, i);
      const token = text.slice(i, end);
      if (oddNumber === undefined && !isPlainInteger(token)) oddNumber = token;
      i = end - 1;
    }
  }
  return { members, depth, oddNumber };
}

/** The closing quote: the first with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && !isDelimiter(text.charCodeAt(end))) end++;
  return end;
}

function countMembers(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  let members = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const item of Object.values(value)) members += countMembers(item);
  return members;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
/** What may follow a number: a comma, a closing bracket, white space. */
const isDelimiter = (unit: number): boolean =>
  unit === 0x2c || unit === CLOSE_OBJECT || unit === CLOSE_ARRAY || unit <= 0x20;
