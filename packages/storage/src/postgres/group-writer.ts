import type { Outcome, WriteSet } from "../engine.ts";
import { StorageUnavailable } from "../storage.ts";
import type { Connection } from "./connection.ts";
import { isAnswered, isStatementError, meaning, reason } from "./errors.ts";
import { type Merger, type Sendable, send } from "./merge.ts";

/** What of a connection a group needs. */
export type Sender = Pick<Connection, "query">;

/** How a group ended; `usable` says whether its connection still is. */
export type GroupResult = {
  readonly outcomes: readonly Outcome[];
  readonly usable: boolean;
  readonly replayed: boolean;
};

/** Writes a group in one transaction: merged and pipelined first, one by one if anything of that fails. */
export async function writeGroup(connection: Sender, merger: Merger, group: readonly WriteSet[]): Promise<GroupResult> {
  let replayed = false;
  let committing = false;
  try {
    let outcomes: readonly Outcome[] = group.map(() => "committed");
    const sendables = merger.merge(group);
    if (sendables.length === 0) return { outcomes, usable: true, replayed };
    if (await failed(connection, ["BEGIN"], sendables)) {
      replayed = true;
      await connection.query({ text: "ROLLBACK" });
      await connection.query({ text: "BEGIN" });
      outcomes = await replay(connection, group);
    }
    committing = true;
    const { command } = await connection.query({ text: "COMMIT" });
    if (command !== "COMMIT") throw new Error(`the server answered ${command} to a commit`);
    return { outcomes, usable: true, replayed };
  } catch (error) {
    const unknown = committing && !isAnswered(error);
    const lost = "The database was lost during a commit, which may or may not be stored";
    const refusal = unknown
      ? new StorageUnavailable(`${lost}: ${reason(error)}.`, `${lost}.`)
      : new StorageUnavailable(`Nothing was stored: ${reason(error)}.`, `Nothing was stored: ${meaning(error)}.`);
    return { outcomes: group.map(() => refusal), usable: false, replayed };
  }
}

/** Each write set in a savepoint of its own. */
async function replay(connection: Sender, group: readonly WriteSet[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const writes of group) {
    const failure = await failed(connection, ["SAVEPOINT use_case"], writes.map(send));
    if (failure) await connection.query({ text: "ROLLBACK TO SAVEPOINT use_case" });
    await connection.query({ text: "RELEASE SAVEPOINT use_case" });
    outcomes.push(failure ?? "committed");
  }
  return outcomes;
}

/** Sends all at once and answers what went wrong first; throws where not the statement but the server is at fault. */
async function failed(
  connection: Sender,
  first: readonly string[],
  sendables: readonly Sendable[],
): Promise<"guardFailed" | Error | undefined> {
  const sent = [
    ...first.map((text) => connection.query({ text })),
    ...sendables.map(({ name, text, values }) => connection.query({ name, text, values: [...values] })),
  ];
  const results = await Promise.allSettled(sent);
  for (const [index, result] of results.entries()) {
    if (result.status === "rejected") {
      if (!isStatementError(result.reason)) throw result.reason;
      return new Error(reason(result.reason));
    }
    const rows = sendables[index - first.length]?.rows ?? -1;
    if (rows >= 0 && result.value.rowCount !== rows) return "guardFailed";
  }
  return undefined;
}
