import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1registermloginregistration_tokenvalidity */
export const registrationTokenValidity = endpoint({
  operationId: "registrationTokenValidity",
  method: "GET",
  path: "/_matrix/client/v1/register/m.login.registration_token/validity",
  auth: "none",
  rateLimited: "registration",
  query: Type.Object({ token: Type.String() }),
  reply: Type.Object({ valid: Type.Boolean() }),
});
