import { readFileSync } from "node:fs";

/** Croft's own version. */
export function croftVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
