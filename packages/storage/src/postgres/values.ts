import type { Bound } from "../statements.ts";

/**
 * PostgreSQL's text holds every character but U+0000, which Matrix ids and state keys may hold: it crosses as two
 * characters, the first of which (a noncharacter) is doubled where it stands for itself.
 */
const MARK = "\u{10FFFF}";

export function encodeText(text: string): string {
  if (!text.includes("\0") && !text.includes(MARK)) return text;
  return text.replaceAll(MARK, `${MARK}1`).replaceAll("\0", `${MARK}0`);
}

export function decodeText(text: string): string {
  if (!text.includes(MARK)) return text;
  return text.replaceAll(`${MARK}0`, "\0").replaceAll(`${MARK}1`, MARK);
}

/** A value as the driver takes it. */
export type DriverValue = string | number | bigint | null | Buffer | readonly DriverValue[];

export function driverValue(value: Bound): DriverValue {
  if (typeof value === "string") return encodeText(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value.map(driverValue);
}

/** Type ids of the catalog. https://www.postgresql.org/docs/current/catalog-pg-type.html */
const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const FLOAT8 = 701;
const NUMERIC = 1700;

/** Rows come back as `Row` promises: numbers as numbers (all of ours are safe integers), truth as 1 or 0, else text. */
export const rowTypes = {
  getTypeParser(oid: number): (text: string) => unknown {
    switch (oid) {
      case INT8:
      case INT4:
      case INT2:
      case FLOAT8:
      case NUMERIC:
        return Number;
      case BOOL:
        return (text) => (text === "t" ? 1 : 0);
      case BYTEA:
        return (text) => Buffer.from(text.slice(2), "hex");
      default:
        return decodeText;
    }
  },
};
