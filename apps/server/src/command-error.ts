/** Ends the program with one sentence for the operator and no stack. */
export class CommandError extends Error {
  readonly exitCode: number;
  /** 1: it could not be done; 2: it was asked for in a way that cannot be. */
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
