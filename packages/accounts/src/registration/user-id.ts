import {
  isValidLocalpart,
  MAX_IDENTIFIER_BYTES,
  MatrixError,
  type ServerName,
  type UserId,
  utf8Length,
} from "@croft/protocol";

/**
 * The user id of a new account. Capitals become small letters, so that no two users differ in case alone.
 * https://spec.matrix.org/v1.19/appendices/#user-identifiers
 */
export function newUserId(serverName: ServerName, username: string): UserId {
  const localpart = username.toLowerCase();
  if (!isValidLocalpart(localpart)) {
    const message = "A user name is made of the letters a-z, digits and . _ = - / +";
    throw new MatrixError("M_INVALID_USERNAME", message);
  }
  const userId: UserId = `@${localpart}:${serverName}`;
  if (utf8Length(userId) > MAX_IDENTIFIER_BYTES) {
    throw new MatrixError("M_INVALID_USERNAME", `A user id has at most ${MAX_IDENTIFIER_BYTES} bytes`);
  }
  return userId;
}

export const userInUse = (): MatrixError => new MatrixError("M_USER_IN_USE", "This user name is taken");
