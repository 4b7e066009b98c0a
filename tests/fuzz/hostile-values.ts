import { pick } from "../chance.ts";

export type Below = (limit: number) => number;

/** Text that somebody forgets: empty, huge, foreign to databases, meaning something elsewhere. */
const HOSTILE_TEXTS: readonly string[] = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "undefined",
  "NaN",
  "-1",
  "0",
  "1e999",
  "9007199254740993",
  "99999999999999999999999999",
  "true",
  "../../../../etc/passwd",
  "..%2f..",
  "'; DROP TABLE events; --",
  "$".concat("{jndi:ldap://localhost/a}"),
  "<script>alert(1)</script>",
  "%",
  "%25%30%30",
  "\\",
  '"',
  "\r\nset-cookie: a=b",
  "\u202eright to left",
  "\u{1f469}\u200d\u{1f680}",
  "e\u0301".repeat(50),
  "\ufffe\uffff",
  "\ufeff",
  "@",
  "@:",
  "@a:",
  "@:localhost",
  "@alice:localhost:99999",
  "@\u00e4:localhost",
  "@nobody:localhost",
  "@somebody:elsewhere.example",
  "!",
  "!:localhost",
  "!nowhere:localhost",
  "!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "#",
  "#:",
  "#nothing:localhost",
  "#a:[::1]:8448",
  "$",
  "$nothing",
  "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "mxc://localhost/../x",
  "mxc://",
  "m.room.create",
  "m.room.member",
  "m.room.power_levels",
  "s1_2_3",
  "s".repeat(256),
  "x".repeat(5_000),
  "@".concat("x".repeat(260), ":localhost"),
  "!".concat("x".repeat(70_000)),
];

const HOSTILE_NUMBERS: readonly string[] = [
  "-1",
  "0",
  "-0",
  "1.5",
  "1e3",
  "1e400",
  "9007199254740991",
  "9007199254740993",
  "-9223372036854775809",
  "18446744073709551616",
  "2147483648",
  "123456789012345678901234567890",
];

export const hostileText = (below: Below): string => pick(below, HOSTILE_TEXTS);

/** JSON text of some value that is not what was asked for; as text, since not all of it survives being a value. */
export function hostileJson(below: Below): string {
  switch (below(14)) {
    case 0:
      return "null";
    case 1:
      return below(2) === 0 ? "true" : "false";
    case 2:
    case 3:
      return pick(below, HOSTILE_NUMBERS);
    case 4:
      return "[]";
    case 5:
      return "{}";
    case 6:
      return `[${Array.from({ length: below(5) }, () => hostileJson(below)).join(",")}]`;
    case 7:
      return `{${JSON.stringify(hostileText(below))}:${hostileJson(below)}}`;
    case 8:
      return `{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}`;
    case 9:
      return below(20) === 0 ? deep(below) : "[[[[[[[[]]]]]]]]";
    case 10:
      return '"\\ud800"';
    default:
      return JSON.stringify(hostileText(below));
  }
}

/** Nested deeper than anybody reads. */
export function deep(below: Below): string {
  const levels = [99, 101, 1_000, 50_000][below(4)]!;
  return below(2) === 0
    ? `${"[".repeat(levels)}${"]".repeat(levels)}`
    : `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
}
