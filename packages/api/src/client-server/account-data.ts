import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty, RoomIdSchema, UserIdSchema } from "../schemas.ts";

const GlobalParams = Type.Object({ userId: UserIdSchema, type: Type.String({ maxLength: 255 }) });
const RoomParams = Type.Object({ userId: UserIdSchema, roomId: RoomIdSchema, type: Type.String({ maxLength: 255 }) });

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridaccount_datatype */
export const setAccountData = endpoint({
  operationId: "setAccountData",
  method: "PUT",
  path: "/_matrix/client/v3/user/:userId/account_data/:type",
  auth: "accessToken",
  rateLimited: false,
  params: GlobalParams,
  body: AnyObject,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridaccount_datatype */
export const getAccountData = endpoint({
  operationId: "getAccountData",
  method: "GET",
  path: "/_matrix/client/v3/user/:userId/account_data/:type",
  auth: "accessToken",
  rateLimited: false,
  params: GlobalParams,
  reply: AnyObject,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridroomsroomidaccount_datatype */
export const setAccountDataPerRoom = endpoint({
  operationId: "setAccountDataPerRoom",
  method: "PUT",
  path: "/_matrix/client/v3/user/:userId/rooms/:roomId/account_data/:type",
  auth: "accessToken",
  rateLimited: false,
  params: RoomParams,
  body: AnyObject,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridroomsroomidaccount_datatype */
export const getAccountDataPerRoom = endpoint({
  operationId: "getAccountDataPerRoom",
  method: "GET",
  path: "/_matrix/client/v3/user/:userId/rooms/:roomId/account_data/:type",
  auth: "accessToken",
  rateLimited: false,
  params: RoomParams,
  reply: AnyObject,
});
