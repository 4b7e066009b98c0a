import { invalidParam, MatrixError } from "@croft/protocol";

const MAX_PASSWORD_LENGTH = 512;
/** Where a person chooses the first password of a server. */
export const MIN_ADMIN_PASSWORD_LENGTH = 8;

/** How good a password must be is the clients' part to say; a server refuses what is none. */
export function requireUsablePassword(password: string, minLength = 1): void {
  if (password.length < minLength) {
    throw new MatrixError("M_WEAK_PASSWORD", `A password has at least ${minLength} characters`);
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw invalidParam(`A password has at most ${MAX_PASSWORD_LENGTH} characters`);
  }
}
