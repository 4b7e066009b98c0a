import { request } from "node:http";
import { CommandError } from "./command-error.ts";
import type { DataFolder } from "./data-folder.ts";

export type LocalReply = { readonly status: number; readonly body: { readonly [field: string]: unknown } };

export type LocalRequest = { readonly method: string; readonly path: string; readonly body?: object | undefined };

/** Asks the server that runs on this data folder; undefined where none does. */
export function askRunningServer(
  { socket }: DataFolder,
  { method, path, body }: LocalRequest,
): Promise<LocalReply | undefined> {
  return new Promise((resolve, reject) => {
    const ask = request({ socketPath: socket, method, path }, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (chunk: string) => (text += chunk));
      reply.on("end", () => {
        try {
          resolve({ status: reply.statusCode ?? 0, body: JSON.parse(text) as LocalReply["body"] });
        } catch {
          reject(new CommandError("The running server gave no answer that makes sense."));
        }
      });
    });
    ask.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else if (error.code === "EACCES")
        reject(new CommandError(`Only the user that ${socket} belongs to may do this.`));
      else reject(new CommandError(`The running server cannot be asked: ${error.message}.`));
    });
    ask.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
