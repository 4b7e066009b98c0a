import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

// Served on the data folder's socket only, where the file's permissions are the proof.

/** Makes an account. */
export const addLocalUser = endpoint({
  operationId: "addLocalUser",
  method: "POST",
  path: "/_croft/local/v1/users",
  auth: "none",
  rateLimited: false,
  body: Type.Object({ localpart: Type.String(), password: Type.String(), admin: Type.Boolean() }),
  reply: Type.Object({ user_id: Type.String() }),
});

/** Makes a registration token, a random one where none is named. */
export const addLocalRegistrationToken = endpoint({
  operationId: "addLocalRegistrationToken",
  method: "POST",
  path: "/_croft/local/v1/registration_tokens",
  auth: "none",
  rateLimited: false,
  body: Type.Object({
    token: Type.Optional(Type.String()),
    uses_allowed: Type.Optional(Type.Integer({ minimum: 1 })),
    lifetime_ms: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
  reply: Type.Object({ token: Type.String() }),
});

/** Every registration token, by name. */
export const getLocalRegistrationTokens = endpoint({
  operationId: "getLocalRegistrationTokens",
  method: "GET",
  path: "/_croft/local/v1/registration_tokens",
  auth: "none",
  rateLimited: false,
  reply: Type.Object({
    registration_tokens: Type.Array(
      Type.Object({
        token: Type.String(),
        completed: Type.Integer(),
        uses_allowed: Type.Optional(Type.Integer()),
        expires_ts: Type.Optional(Type.Integer()),
        usable: Type.Boolean(),
      }),
    ),
  }),
});

/** Takes a registration token back. */
export const removeLocalRegistrationToken = endpoint({
  operationId: "removeLocalRegistrationToken",
  method: "DELETE",
  path: "/_croft/local/v1/registration_tokens/:token",
  auth: "none",
  rateLimited: false,
  params: Type.Object({ token: Type.String() }),
  reply: Type.Object({}),
});
