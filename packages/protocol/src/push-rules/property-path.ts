import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

/**
 * The names in a dotted path: `\.` and `\\` stand for the character itself, any other backslash for a backslash.
 * https://spec.matrix.org/v1.19/appendices/#dot-separated-property-paths
 */
export function parsePropertyPath(path: string): string[] {
  const names: string[] = [];
  let name = "";
  for (let i = 0; i < path.length; i++) {
    const character = path[i] as string;
    const next = path[i + 1];
    if (character === "\\" && (next === "." || next === "\\")) {
      name += next;
      i++;
    } else if (character === ".") {
      names.push(name);
      name = "";
    } else name += character;
  }
  names.push(name);
  return names;
}

/** The property at a path through objects; undefined when absent. */
export function propertyAt(object: JsonObject, names: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of names) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
