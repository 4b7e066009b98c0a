import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** Whether this server still waits for its first account. */
export const getSetupState = endpoint({
  operationId: "getSetupState",
  method: "GET",
  path: "/_croft/client/v1/setup",
  auth: "none",
  rateLimited: "general",
  reply: Type.Object({ setup_needed: Type.Boolean() }),
});

/** Makes the first account, an administrator, with the token of the setup link. */
export const completeSetup = endpoint({
  operationId: "completeSetup",
  method: "POST",
  path: "/_croft/client/v1/setup",
  auth: "none",
  rateLimited: "registration",
  body: Type.Object({ token: Type.String(), localpart: Type.String(), password: Type.String() }),
  reply: Type.Object({ user_id: Type.String() }),
});
