import type { Dialect } from "../sql.ts";
import type { Spelling } from "../statements.ts";

export const postgresDialect: Dialect = { engine: "postgres", int: "BIGINT", blob: "BYTEA", withoutRowid: "" };

export const postgresSpelling: Spelling = {
  placeholder: (position) => `$${position}`,
  anyOf: (placeholder) => `= ANY(${placeholder})`,
};
