import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AuthData, DeviceDisplayNameSchema, DeviceIdSchema, loginReply } from "./interactive-auth.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3register */
export const register = endpoint({
  operationId: "register",
  method: "POST",
  path: "/_matrix/client/v3/register",
  auth: "none",
  rateLimited: "registration",
  query: Type.Object({ kind: Type.Optional(Type.Enum(["guest", "user"])) }),
  body: Type.Object({
    auth: Type.Optional(AuthData),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    device_id: Type.Optional(DeviceIdSchema),
    initial_device_display_name: Type.Optional(DeviceDisplayNameSchema),
    inhibit_login: Type.Optional(Type.Boolean()),
    refresh_token: Type.Optional(Type.Boolean()),
  }),
  reply: Type.Object({
    ...loginReply,
    access_token: Type.Optional(Type.String()),
    device_id: Type.Optional(Type.String()),
  }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3registeravailable */
export const checkUsernameAvailability = endpoint({
  operationId: "checkUsernameAvailability",
  method: "GET",
  path: "/_matrix/client/v3/register/available",
  auth: "none",
  rateLimited: "general",
  query: Type.Object({ username: Type.String() }),
  reply: Type.Object({ available: Type.Boolean() }),
});
