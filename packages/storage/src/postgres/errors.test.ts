import pg from "pg";
import { expect, test } from "vitest";
import { isAnswered, isStatementError } from "./errors.ts";

function answered(code: string): Error {
  return Object.assign(new pg.DatabaseError("from the server", 0, "error"), { code });
}

test("only what the server sent is its answer: a broken pipe is none, though its code is as long as a state", () => {
  const brokenPipe = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
  expect([isAnswered(brokenPipe), isStatementError(brokenPipe)]).toEqual([false, false]);
  expect([isAnswered(answered("23505")), isStatementError(answered("23505"))]).toEqual([true, true]);
  expect([isAnswered(answered("53100")), isStatementError(answered("53100"))]).toEqual([true, false]);
  expect([isAnswered(answered("57P01")), isStatementError(answered("57P01"))]).toEqual([false, false]);
});
