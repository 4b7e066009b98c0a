import { MatrixError } from "@croft/protocol";

/** The session is gone for good. */
export const unknownToken = (): MatrixError => new MatrixError("M_UNKNOWN_TOKEN", "Unknown access token");

/** The device may stay, its token does not. https://spec.matrix.org/v1.19/client-server-api/#soft-logout */
export const softLogout = (message: string): MatrixError =>
  new MatrixError("M_UNKNOWN_TOKEN", message, { soft_logout: true });

/** https://spec.matrix.org/v1.19/client-server-api/#account-locking */
export const userLocked = (): MatrixError =>
  new MatrixError("M_USER_LOCKED", "This account has been locked", { soft_logout: true });
