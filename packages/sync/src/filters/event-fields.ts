import type { JsonObject, JsonValue } from "@croft/protocol";

/** Leaves of an event to keep: `["content", "body"]`. */
export type FieldPaths = readonly (readonly string[])[];

/** https://spec.matrix.org/v1.19/appendices/#dot-separated-property-paths */
export const fieldPaths = (fields: readonly string[]): FieldPaths => fields.map(splitPath);

/** At the dots; `\.` stands for a dot and `\\` for a backslash inside a name. */
function splitPath(path: string): string[] {
  const names: string[] = [];
  let name = "";
  for (let index = 0; index < path.length; index++) {
    const next = path[index + 1];
    if (path[index] === ".") {
      names.push(name);
      name = "";
    } else if (path[index] === "\\" && (next === "." || next === "\\")) {
      name += next;
      index++;
    } else name += path[index];
  }
  return [...names, name];
}

/** The text of an event with nothing in it but these fields: the only place where a sync parses what it sends. */
export function keepFields(text: string, paths: FieldPaths): string {
  const event = JSON.parse(text) as JsonObject;
  const kept: Branch = new Map();
  for (const path of paths) {
    const value = valueAt(event, path);
    if (value !== undefined) graft(kept, path, value);
  }
  return printBranch(kept);
}

/** Maps, not objects: a name may be `__proto__`. */
type Branch = Map<string, Branch | { readonly leaf: JsonValue }>;

function valueAt(event: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = event;
  for (const name of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return;
    value = (value as JsonObject)[name];
  }
  return value;
}

function graft(root: Branch, path: readonly string[], leaf: JsonValue): void {
  let branch = root;
  for (const [index, name] of path.entries()) {
    const known = branch.get(name);
    if (index === path.length - 1) branch.set(name, { leaf });
    // All of what the rest of the path leads into is kept already.
    else if (known !== undefined && !(known instanceof Map)) return;
    else {
      const next: Branch = known ?? new Map();
      branch.set(name, next);
      branch = next;
    }
  }
}

const printBranch = (branch: Branch): string =>
  `{${Array.from(branch, ([name, value]) => `${JSON.stringify(name)}:${value instanceof Map ? printBranch(value) : JSON.stringify(value.leaf)}`).join(",")}}`;
