import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { connect } from "./connect.ts";
import { type FlatOutcome, type FlatWrites, GroupWriter } from "./group-writer.ts";

/** What the writer thread is told. */
export type ToWriter =
  | { readonly kind: "writes"; readonly texts: readonly string[]; readonly writes: FlatWrites }
  | { readonly kind: "idle" }
  | { readonly kind: "close" };

/** What it answers: how the write sets of one group ended, in the order they came; or that it is about to leave. */
export type FromWriter = readonly FlatOutcome[] | "ready" | "closed";

/** Past so many pages the log is checkpointed between two groups; when nothing is to be written, past few. */
const BUSY_LOG_PAGES = 4_000;
const IDLE_LOG_PAGES = 250;

const port = parentPort;
if (port) {
  const db = connect((workerData as { path: string }).path);
  const writer = new GroupWriter(db);
  const answer = (message: FromWriter) => port.postMessage(message);

  const close = () => {
    writer.checkpoint(0);
    db.close();
    answer("closed");
    port.close();
  };

  port.on("message", (first: ToWriter) => {
    const group: FlatWrites[] = [];
    let closing = false;
    for (let message: ToWriter | undefined = first; message; message = receiveMessageOnPort(port)?.message) {
      if (message.kind === "close") closing = true;
      else if (message.kind === "idle") writer.checkpoint(IDLE_LOG_PAGES);
      else {
        writer.learn(message.texts);
        group.push(message.writes);
      }
    }
    if (group.length > 0) {
      answer(writer.commit(group));
      writer.checkpoint(BUSY_LOG_PAGES);
    }
    if (closing) close();
  });
  answer("ready");
}
