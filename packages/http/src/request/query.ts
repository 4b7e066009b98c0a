import { invalidParam } from "@croft/protocol";

/** What was asked after the `?`, in order of appearance; a name may come more than once. */
export type RawQuery = ReadonlyMap<string, readonly string[]>;

const NOTHING: RawQuery = new Map();

/** Reads `a=1&b=2`; throws M_INVALID_PARAM where the percent-encoding is broken. */
export function parseQuery(text: string): RawQuery {
  if (text === "") return NOTHING;
  const query = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
}

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.includes("+") ? text.replaceAll("+", " ") : text);
  } catch {
    throw invalidParam("The query is not valid percent-encoded UTF-8");
  }
  if (decoded.includes("\0")) throw invalidParam("The query contains a NUL character");
  return decoded;
}
