import { invalidParam } from "@croft/protocol";

/** What a router found: a target, other methods of the same path, or nothing. */
export type Found<Target> =
  | { readonly target: Target; readonly params: { readonly [name: string]: string } }
  | { readonly allow: readonly string[] }
  | undefined;

type Leaf<Target> = { readonly target: Target; readonly names: readonly string[] };

type Node<Target> = {
  readonly fixed: Map<string, Node<Target>>;
  parameter: Node<Target> | undefined;
  readonly leaves: Map<string, Leaf<Target>>;
};

const node = <Target>(): Node<Target> => ({ fixed: new Map(), parameter: undefined, leaves: new Map() });

/**
 * Finds by method and path. It walks the path as it was sent, segment by segment, and decodes only parameters, so an
 * encoded slash stays inside its segment. A fixed segment is preferred to a parameter; a parameter is never empty; a
 * trailing slash is a segment of its own.
 */
export class Router<Target> {
  readonly #root: Node<Target> = node();

  /** Throws if the method and path are taken. */
  add(method: string, path: string, target: Target): void {
    const names: string[] = [];
    let at = this.#root;
    for (const segment of path.split("/")) {
      let next = segment.startsWith(":") ? at.parameter : at.fixed.get(segment);
      if (!next) {
        next = node();
        if (segment.startsWith(":")) at.parameter = next;
        else at.fixed.set(segment, next);
      }
      if (segment.startsWith(":")) names.push(segment.slice(1));
      at = next;
    }
    if (at.leaves.has(method)) throw new Error(`two routes claim ${method} ${path}`);
    at.leaves.set(method, { target, names });
  }

  /** `path` is without its query. Throws M_INVALID_PARAM where a parameter's percent-encoding is broken. */
  find(method: string, path: string): Found<Target> {
    const segments = path.split("/");
    const values: string[] = [];
    const leaf = this.#search(this.#root, { segments, method, values, allow: undefined }, 0);
    if (leaf) return { target: leaf.target, params: decoded(leaf.names, values) };
    const allow = new Set<string>();
    this.#search(this.#root, { segments, method, values: [], allow }, 0);
    return allow.size > 0 ? { allow: [...allow].sort() } : undefined;
  }

  #search(at: Node<Target>, search: Search, depth: number): Leaf<Target> | undefined {
    const segment = search.segments[depth];
    if (segment === undefined) {
      if (search.allow) for (const method of at.leaves.keys()) search.allow.add(method);
      return at.leaves.get(search.method);
    }
    const fixed = at.fixed.get(segment);
    const found = fixed && this.#search(fixed, search, depth + 1);
    if (found || !at.parameter || segment === "") return found;
    search.values.push(segment);
    const underParameter = this.#search(at.parameter, search, depth + 1);
    if (!underParameter) search.values.pop();
    return underParameter;
  }
}

type Search = {
  readonly segments: readonly string[];
  readonly method: string;
  /** The parameters on the way, still encoded. */
  readonly values: string[];
  /** Given: collects the methods of every path that matches. */
  readonly allow: Set<string> | undefined;
};

const NO_PARAMS = Object.freeze({});

function decoded(names: readonly string[], values: readonly string[]): { readonly [name: string]: string } {
  if (names.length === 0) return NO_PARAMS;
  const params: { [name: string]: string } = {};
  for (const [index, name] of names.entries()) params[name] = decodeParameter(name, values[index] ?? "");
  return params;
}

function decodeParameter(name: string, value: string): string {
  let text = value;
  if (value.includes("%")) {
    try {
      text = decodeURIComponent(value);
    } catch {
      throw invalidParam(`${name} in the path is not valid percent-encoded UTF-8`);
    }
  }
  // No identifier contains it, and not every database can hold it.
  if (text.includes("\0")) throw invalidParam(`${name} in the path contains a NUL character`);
  return text;
}
