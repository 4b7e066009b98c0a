import pg from "pg";
import { StorageUnavailable } from "../storage.ts";

/** Whether the server itself refused a statement and stays usable; otherwise the connection is of no more use. */
export function isStatementError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !isMachineState(state);
}

/**
 * Whether the server refused for a lack of its own: insufficient resources (53), shutdown or crash (57P), failing disk
 * (58), damage (XX), no writes (25006). https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const isMachineState = (state: string): boolean => /^(53|57P|58|XX|08|25006)/.test(state);

/** What an error of the server or of the connection means, without its words: those name addresses, roles and files. */
export function meaning(error: unknown): string {
  const state = sqlState(error) ?? "";
  if (state === "53100") return "the disk is full";
  if (state === "25006") return "the database is read-only";
  if (state.startsWith("53")) return "the database is short of resources";
  if (state.startsWith("58")) return "the disk of the database fails";
  return "the database is out of reach";
}

/** Whether the server has answered that it did not commit: it ended the transaction and says so. */
export function isAnswered(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !/^(57P|08)/.test(state);
}

export const LOCK_NOT_AVAILABLE = "55P03";

/** The state that the server sent with its error; undefined for errors of the connection, whatever their code. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Text of an error, also of one that only has a code, as a refused connection has. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}

export const unreachable = (what: string, error: unknown): StorageUnavailable =>
  new StorageUnavailable(`${what} cannot be reached: ${reason(error)}.`, `${what} cannot be reached.`);
