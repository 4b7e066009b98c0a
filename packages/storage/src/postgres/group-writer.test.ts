import pg from "pg";
import { expect, test } from "vitest";
import { StorageUnavailable } from "../storage.ts";
import { type Sender, writeGroup } from "./group-writer.ts";
import { Merger } from "./merge.ts";

const group = [[{ statement: { number: 0, text: "DELETE FROM a", writes: true }, values: [], rows: -1 }], []];

/** A server that answers each statement with its own first word, unless told otherwise. */
function serverThat(answers: { readonly [text: string]: string | Error }) {
  const seen: string[] = [];
  const connection: Sender = {
    async query({ text }) {
      seen.push(text);
      const answer = answers[text] ?? text.split(" ")[0] ?? "";
      if (answer instanceof Error) throw answer;
      return { command: answer, rowCount: 0, oid: 0, fields: [], rows: [] };
    },
  };
  return { connection, seen };
}

const serverError = (code: string, message: string) =>
  Object.assign(new pg.DatabaseError(message, message.length, "error"), { code });
const write = (connection: Sender) => writeGroup(connection, new Merger(() => undefined), group);

test("a commit that the server answers with a rollback is refused", async () => {
  const { connection } = serverThat({ COMMIT: "ROLLBACK" });
  const { outcomes, usable } = await write(connection);
  expect(outcomes).toEqual([expect.any(StorageUnavailable), expect.any(StorageUnavailable)]);
  expect(usable).toBe(false);
});

test("a connection lost during the commit leaves open whether it happened, and says so", async () => {
  const { connection } = serverThat({ COMMIT: new Error("Connection terminated unexpectedly") });
  const { outcomes } = await write(connection);
  expect(String(outcomes[0])).toContain("may or may not be stored: Connection terminated unexpectedly");
  expect(outcomes[0]).toMatchObject({
    forCallers: "The database was lost during a commit, which may or may not be stored.",
  });
});

test("a commit that the server itself refuses has stored nothing", async () => {
  const { connection } = serverThat({ COMMIT: serverError("53100", "No space left on device") });
  const { outcomes } = await write(connection);
  expect(String(outcomes[0])).toContain("Nothing was stored: No space left on device");
});

test.each([
  [serverError("53100", "could not extend file base/16384/2619"), "the disk is full"],
  [serverError("25006", "cannot execute DELETE in a read-only transaction"), "the database is read-only"],
  [serverError("53200", "out of memory"), "the database is short of resources"],
  [serverError("58030", "could not write to file pg_wal/0001"), "the disk of the database fails"],
  [new Error("connect ECONNREFUSED 10.0.0.7:5432"), "the database is out of reach"],
])("callers are told what a refusal means for them, not the words of the server: %s", async (fault, meaning) => {
  const { outcomes } = await write(serverThat({ "DELETE FROM a": fault }).connection);
  expect(outcomes[0]).toMatchObject({
    message: `Nothing was stored: ${fault.message}.`,
    forCallers: `Nothing was stored: ${meaning}.`,
  });
});

test("a server without space refuses the whole group and is not asked again", async () => {
  const { connection, seen } = serverThat({ "DELETE FROM a": serverError("53100", "No space left on device") });
  const { outcomes, usable } = await write(connection);
  expect(outcomes).toEqual([expect.any(StorageUnavailable), expect.any(StorageUnavailable)]);
  expect(usable).toBe(false);
  expect(seen).toEqual(["BEGIN", "DELETE FROM a"]);
});

test("a statement that fails for itself fails its use case alone", async () => {
  const { connection, seen } = serverThat({ "DELETE FROM a": serverError("23503", "still referenced") });
  const { outcomes, usable, replayed } = await write(connection);
  expect(outcomes).toEqual([expect.any(Error), "committed"]);
  expect(outcomes[0]).not.toBeInstanceOf(StorageUnavailable);
  expect({ usable, replayed }).toEqual({ usable: true, replayed: true });
  expect(seen.slice(-3)).toEqual(["SAVEPOINT use_case", "RELEASE SAVEPOINT use_case", "COMMIT"]);
});
