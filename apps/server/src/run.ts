import { parseArgs } from "node:util";
import { CommandError } from "./command-error.ts";
import { ConfigError } from "./config/config.ts";
import { nearest } from "./config/nearest.ts";

/** Flags as they were given; a switch that was given is "true". */
export type Flags = { readonly [flag: string]: string | undefined };

type Command = {
  readonly switches?: readonly string[];
  /** Flags of its own that take a value. */
  readonly values?: readonly string[];
  /** Whether a name follows; absent: none. */
  readonly name?: "needed" | "optional";
  readonly load: () => Promise<(flags: Flags, name: string) => Promise<number>>;
};

const COMMANDS: { readonly [words: string]: Command } = {
  start: { load: async () => (await import("./commands/start.ts")).start },
  "user add": {
    switches: ["admin", "password-stdin"],
    name: "needed",
    load: async () => (await import("./commands/user-add.ts")).userAdd,
  },
  "token add": {
    values: ["uses", "days"],
    name: "optional",
    load: async () => (await import("./commands/token-add.ts")).tokenAdd,
  },
  "token list": { load: async () => (await import("./commands/token-list.ts")).tokenList },
  "token remove": { name: "needed", load: async () => (await import("./commands/token-remove.ts")).tokenRemove },
  check: { load: async () => (await import("./commands/check.ts")).check },
  version: { load: async () => (await import("./commands/version.ts")).version },
  help: { name: "optional", load: async () => (await import("./commands/help.ts")).help },
};

/** Flags that every command takes: where the configuration is, and parts of it. */
const CONFIG_FLAGS = ["config", "server-name", "data", "listen", "database"] as const;

/** Runs what the words say; resolves to the exit code. Whatever goes wrong ends in a sentence, never a stack. */
export async function run(words: readonly string[]): Promise<number> {
  try {
    const { command, flags, name } = readWords(words);
    return await (await command.load())(flags, name);
  } catch (error) {
    return tell(error);
  }
}

function tell(error: unknown): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) console.error(problem);
    return 2;
  }
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  console.error(`Croft failed: ${message}`);
  if (process.env["CROFT_LOG_LEVEL"] === "debug") console.error(error);
  return 1;
}

function readWords(line: readonly string[]): { command: Command; flags: Flags; name: string } {
  if (line.includes("--help") || line.includes("-h")) return { command: COMMANDS["help"]!, flags: {}, name: "" };
  if (line.includes("--version")) return { command: COMMANDS["version"]!, flags: {}, name: "" };
  // Without a command, the flags of `start` are the whole line.
  const given = line[0] === undefined || line[0].startsWith("-") ? ["start", ...line] : line;
  const wordCount = `${given[0]} ${given[1]}` in COMMANDS ? 2 : 1;
  const words = given.slice(0, wordCount).join(" ");
  const command = Object.hasOwn(COMMANDS, words) ? COMMANDS[words] : undefined;
  if (!command) throw new CommandError(unknownCommand(given), 2);
  const { values, positionals } = readFlags(given.slice(wordCount), command);
  const [name = "", ...rest] = positionals;
  const isRight = { needed: name !== "" && rest.length === 0, optional: rest.length === 0, none: name === "" };
  if (!isRight[command.name ?? "none"]) {
    const wants = { needed: "takes one name", optional: "takes at most one name", none: `takes no "${name}"` };
    throw new CommandError(`croft ${words} ${wants[command.name ?? "none"]}; see croft help.`, 2);
  }
  return { command, flags: values, name };
}

function readFlags(words: string[], { switches = [], values = [] }: Command): { values: Flags; positionals: string[] } {
  const options = Object.fromEntries([
    ...[...CONFIG_FLAGS, ...values].map((flag) => [flag, { type: "string" as const }]),
    ...switches.map((flag) => [flag, { type: "boolean" as const }]),
  ]);
  try {
    const read = parseArgs({ args: words, options, allowPositionals: true });
    const given = Object.entries(read.values).map(([flag, value]) => [flag, String(value)]);
    return { values: Object.fromEntries(given), positionals: read.positionals };
  } catch (error) {
    const lacking = /^Option '(--[^ ']*) <value>' argument/.exec((error as Error).message)?.[1];
    if (lacking) throw new CommandError(`${lacking} needs a value; see croft help.`, 2);
    const flag = /^Unknown option '(--?[^']*)'/.exec((error as Error).message)?.[1];
    const flags = Object.keys(options).map((name) => `--${name}`);
    throw new CommandError(flag ? unknown("flag", flag, flags) : `${(error as Error).message.split("\n")[0]}`, 2);
  }
}

function unknownCommand([first = "", second = "-"]: readonly string[]): string {
  const below = Object.keys(COMMANDS).filter((words) => words.startsWith(`${first} `));
  if (below.length === 0) return unknown("command", first, Object.keys(COMMANDS));
  if (!second.startsWith("-")) return unknown("command", `${first} ${second}`, below);
  return `There is no command "${first}"; there ${below.length > 1 ? "are" : "is"} "${below.join('", "')}".`;
}

function unknown(kind: string, word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return `There is no ${kind} "${word}"${meant ? `; did you mean "${meant}"?` : "; see croft help."}`;
}
