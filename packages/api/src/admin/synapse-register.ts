import { Type } from "typebox";
import { loginReply } from "../client-server/interactive-auth.ts";
import { endpoint } from "../endpoint.ts";

/** https://element-hq.github.io/synapse/latest/admin_api/register_api.html */
export const getSharedSecretNonce = endpoint({
  operationId: "getSharedSecretNonce",
  method: "GET",
  path: "/_synapse/admin/v1/register",
  auth: "none",
  rateLimited: "registration",
  reply: Type.Object({ nonce: Type.String() }),
});

/** https://element-hq.github.io/synapse/latest/admin_api/register_api.html */
export const registerWithSharedSecret = endpoint({
  operationId: "registerWithSharedSecret",
  method: "POST",
  path: "/_synapse/admin/v1/register",
  auth: "none",
  rateLimited: "registration",
  body: Type.Object({
    nonce: Type.String(),
    username: Type.String(),
    password: Type.String(),
    mac: Type.String(),
    displayname: Type.Optional(Type.String()),
    admin: Type.Optional(Type.Boolean()),
    user_type: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    inhibit_login: Type.Optional(Type.Boolean()),
  }),
  reply: Type.Object({
    ...loginReply,
    access_token: Type.Optional(Type.String()),
    device_id: Type.Optional(Type.String()),
  }),
});
