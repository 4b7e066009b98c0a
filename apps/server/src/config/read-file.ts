import { readFile } from "node:fs/promises";
import { ConfigError } from "./config.ts";
import { nearest } from "./nearest.ts";
import { SETTINGS } from "./settings.ts";

/** A value with the words that say where it stands. */
export type Found = { readonly value: unknown; readonly where: string };

/** The settings of a YAML file by their key. Throws with every problem of the file at once. */
export async function readConfigFile(path: string): Promise<Map<string, Found>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new ConfigError([`The configuration file ${path} ${reason}.`]);
  }
  const { isMap, isNode, isScalar, LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems: string[] = [];
  const place = (offset: number) => `${path}:${lineCounter.linePos(offset).line}`;
  for (const error of document.errors) problems.push(`${place(error.pos[0])}: not valid YAML: ${error.message}`);
  const found = new Map<string, Found>();
  const collect = (node: unknown, prefix: string) => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const name = prefix + String(key.value);
      const where = place(key.range?.[0] ?? 0);
      if (isGroup(name) && isMap(value)) collect(value, `${name}.`);
      else if (isGroup(name)) problems.push(`${where}: ${name} must hold ${keysOf(name).join(", ")}`);
      else if (!Object.hasOwn(SETTINGS, name)) problems.push(`${where}: ${unknownKey(name)}`);
      else found.set(name, { value: isNode(value) ? value.toJS(document) : value, where });
    }
  };
  if (problems.length === 0) {
    if (document.contents !== null && !isMap(document.contents)) {
      problems.push(`${path}:1: the file must hold keys and values, like "server_name: example.org"`);
    }
    collect(document.contents, "");
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return found;
}

const KEYS = Object.keys(SETTINGS);
const keysOf = (group: string): string[] => KEYS.filter((key) => key.startsWith(`${group}.`));
const GROUPS = [...new Set(KEYS.filter((key) => key.includes(".")).map((key) => key.slice(0, key.indexOf("."))))];
const isGroup = (name: string): boolean => keysOf(name).length > 0;

function unknownKey(name: string): string {
  const meant = nearest(name, [...KEYS, ...GROUPS]);
  return `unknown key "${name}"${meant ? `; did you mean "${meant}"?` : ""}`;
}
