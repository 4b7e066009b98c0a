import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3joined_rooms */
export const getJoinedRooms = endpoint({
  operationId: "getJoinedRooms",
  method: "GET",
  path: "/_matrix/client/v3/joined_rooms",
  auth: "accessToken",
  rateLimited: false,
  reply: Type.Object({ joined_rooms: Type.Array(RoomIdSchema) }),
});
