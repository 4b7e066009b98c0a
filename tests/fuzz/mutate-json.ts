import { pick } from "../chance.ts";
import { type Below, deep, hostileJson, hostileText } from "./hostile-values.ts";

/** Prints a value as JSON, one of its places exchanged for something hostile. */
export function withHostilePlace(below: Below, value: unknown): string {
  const places = countPlaces(value);
  return print(value, { place: below(places), text: hostileJson(below) });
}

function countPlaces(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((places, inner) => places + countPlaces(inner), 1);
}

function print(value: unknown, fault: { place: number; readonly text: string }): string {
  if (fault.place-- === 0) return fault.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map((inner) => print(inner, fault)).join(",")}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${print(inner, fault)}`);
  return `{${entries.join(",")}}`;
}

/** Faults of a body as bytes, whatever is in it. */
const BYTE_FAULTS: readonly ((text: string, below: Below) => string | Buffer)[] = [
  (text, below) => text.slice(0, below(text.length)),
  (text) => `${text}}`,
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll('"', "'"),
  (text) => `// a comment\n${text}`,
  (text, below) => {
    const bytes = Buffer.from(text);
    bytes[below(bytes.length)] = 0x80 + below(128);
    return bytes;
  },
  (text, below) => {
    const bytes = Buffer.from(text);
    bytes[below(bytes.length)] = below(32);
    return bytes;
  },
  (text) => Buffer.from(text, "utf16le"),
  (text) => `[${text}]`,
  (text) => JSON.stringify(text),
  (_, below) => pick(below, ["", "null", "true", "0", '""', "[]", "{", "}", "{}{}", '{"a":}', "NaN", "\0"]),
  (_, below) => deep(below),
  (text, below) => text.replace("{", `{${JSON.stringify(hostileText(below))}:${hostileJson(below)},`),
  (text) => text.replace("{", '{"__proto__":{"admin":true},'),
  (text) => text.replace("{", '{"\\u005f_proto__":{},'),
  (text) => text.replace(/^\{("[^"]*":)/, '{$1"once",$1'),
  (text, below) => text.replace("{", `{"padding":"${"x".repeat([1_000, 66_000, 300_000][below(3)]!)}",`),
];

/** Too slow to send every time. */
const RARE_BYTE_FAULTS: readonly ((text: string) => string)[] = [
  (text) => text.replace("{", `{"padding":"${"x".repeat(3 * 1024 * 1024)}",`),
  (text) => text.replace("{", `{"padding":[${"{},".repeat(100_000)}{}],`),
  (text) => text.replace("{", `{${Array.from({ length: 20_000 }, (_, key) => `"k${key}":${key}`).join()},`),
];

export function withByteFault(below: Below, text: string): Buffer {
  const fault = below(500) === 0 ? pick(below, RARE_BYTE_FAULTS) : pick(below, BYTE_FAULTS);
  const faulty = fault(text === "" ? "{}" : text, below);
  return typeof faulty === "string" ? Buffer.from(faulty) : faulty;
}
