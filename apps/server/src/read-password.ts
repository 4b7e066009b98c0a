import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { CommandError } from "./command-error.ts";

/** All of standard input, without the line end that `echo` adds. */
export async function passwordFromStdin(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new CommandError("There is no password on standard input.", 2);
  return password;
}

/** Asks twice, showing nothing. */
export async function passwordFromTerminal(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError("There is no terminal to ask for the password; use --password-stdin.", 2);
  }
  const password = await ask("Password: ");
  if (password === "") throw new CommandError("An account needs a password.");
  if (password !== (await ask("The same again: "))) throw new CommandError("The two passwords differ.");
  return password;
}

function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    terminal.once("line", (line) => {
      terminal.close();
      process.stderr.write("\n");
      resolve(line);
    });
    terminal.once("SIGINT", () => {
      terminal.close();
      reject(new CommandError("Nothing was done."));
    });
  });
}
