/** SQLite's primary result codes that are about the machine, not about a statement. https://sqlite.org/rescode.html */
const MACHINE: { readonly [code: number]: string } = {
  5: "the database is locked by another process",
  7: "there is no memory left",
  8: "the database cannot be written, it is read-only",
  10: "the disk cannot be read or written",
  11: "the database file is damaged",
  13: "the disk is full",
  14: "the database file cannot be opened",
  26: "the file is not a database",
};

/** What is wrong with the machine, if that is what the error says; undefined for an error of the statement itself. */
export function machineFault(error: unknown): string | undefined {
  const text = MACHINE[primaryCode(error) ?? 0];
  return text && `${text} (SQLite: ${(error as Error).message})`;
}

function primaryCode(error: unknown): number | undefined {
  const isCoded = error instanceof Error && "errcode" in error && typeof error.errcode === "number";
  return isCoded ? (error.errcode as number) & 0xff : undefined;
}
