import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** Makes an account. Served on the data folder's socket only, where the file's permissions are the proof. */
export const addLocalUser = endpoint({
  operationId: "addLocalUser",
  method: "POST",
  path: "/_croft/local/v1/users",
  auth: "none",
  rateLimited: false,
  body: Type.Object({ localpart: Type.String(), password: Type.String(), admin: Type.Boolean() }),
  reply: Type.Object({ user_id: Type.String() }),
});
