import type { Dialect } from "../sql.ts";
import type { Spelling } from "../statements.ts";

export const sqliteDialect: Dialect = {
  engine: "sqlite",
  int: "INTEGER",
  blob: "BLOB",
  withoutRowid: " WITHOUT ROWID",
};

/** A list crosses as one JSON text, so that its length is no part of the statement. */
export const sqliteSpelling: Spelling = {
  placeholder: () => "?",
  anyOf: () => "IN (SELECT value FROM json_each(?))",
};
