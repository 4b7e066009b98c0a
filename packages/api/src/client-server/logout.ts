import { endpoint } from "../endpoint.ts";
import { Empty } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3logout */
export const logout = endpoint({
  operationId: "logout",
  method: "POST",
  path: "/_matrix/client/v3/logout",
  auth: "accessToken",
  rateLimited: false,
  allowedWhenLocked: true,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3logoutall */
export const logout_all = endpoint({
  operationId: "logout_all",
  method: "POST",
  path: "/_matrix/client/v3/logout/all",
  auth: "accessToken",
  rateLimited: false,
  allowedWhenLocked: true,
  reply: Empty,
});
