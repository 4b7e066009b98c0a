import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty } from "../schemas.ts";
import { AuthData } from "./interactive-auth.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountpassword */
export const changePassword = endpoint({
  operationId: "changePassword",
  method: "POST",
  path: "/_matrix/client/v3/account/password",
  auth: "accessToken",
  rateLimited: "login",
  body: Type.Object({
    auth: Type.Optional(AuthData),
    new_password: Type.Optional(Type.String()),
    logout_devices: Type.Optional(Type.Boolean()),
  }),
  reply: Empty,
});
