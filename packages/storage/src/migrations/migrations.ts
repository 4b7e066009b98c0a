import type { Dialect } from "../sql.ts";
import { foundation } from "./0001-foundation/foundation.ts";

/** A step of the schema: runs once, in one transaction, forward only. */
export type Migration = {
  readonly version: number;
  readonly name: string;
  readonly statements: (dialect: Dialect) => readonly string[];
};

/** Every step there is, oldest first. A released step never changes. */
export const migrations: readonly Migration[] = [{ version: 1, name: "foundation", statements: foundation }];
