import type { Writable } from "node:stream";
import { styleText } from "node:util";

const LEVELS: { readonly [level: number]: readonly [string, Parameters<typeof styleText>[0]] } = {
  20: ["debug", "gray"],
  30: ["info", "green"],
  40: ["warn", "yellow"],
  50: ["error", "red"],
};

type Line = {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly [field: string]: unknown;
};

/** Turns the logger's JSON lines into ones for people. */
export function prettyLog(output: Writable): { write(text: string): void } {
  return { write: (text) => void output.write(prettyLine(text)) };
}

function prettyLine(text: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(text) as Line;
  const [name, color] = LEVELS[level] ?? [String(level), "reset"];
  const at = new Date(time).toTimeString().slice(0, 8);
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const line = [styleText("gray", at), styleText(color, name.padEnd(5)), msg, styleText("gray", rest.join(" "))].join(
    " ",
  );
  return `${line.trimEnd()}\n${err ? `${err.stack ?? err.message}\n` : ""}`;
}
