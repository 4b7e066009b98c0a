import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty } from "../schemas.ts";
import { AuthData, DeviceDisplayNameSchema } from "./interactive-auth.ts";

const DeviceParams = Type.Object({ deviceId: Type.String() });

const ClientDevice = Type.Object({
  device_id: Type.String(),
  display_name: Type.Optional(Type.String()),
  last_seen_ip: Type.Optional(Type.String()),
  last_seen_ts: Type.Optional(Type.Integer()),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3devices */
export const getDevices = endpoint({
  operationId: "getDevices",
  method: "GET",
  path: "/_matrix/client/v3/devices",
  auth: "accessToken",
  rateLimited: false,
  reply: Type.Object({ devices: Type.Array(ClientDevice) }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3devicesdeviceid */
export const getDevice = endpoint({
  operationId: "getDevice",
  method: "GET",
  path: "/_matrix/client/v3/devices/:deviceId",
  auth: "accessToken",
  rateLimited: false,
  params: DeviceParams,
  reply: ClientDevice,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3devicesdeviceid */
export const updateDevice = endpoint({
  operationId: "updateDevice",
  method: "PUT",
  path: "/_matrix/client/v3/devices/:deviceId",
  auth: "accessToken",
  rateLimited: "general",
  params: DeviceParams,
  body: Type.Object({ display_name: Type.Optional(DeviceDisplayNameSchema) }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3devicesdeviceid */
export const deleteDevice = endpoint({
  operationId: "deleteDevice",
  method: "DELETE",
  path: "/_matrix/client/v3/devices/:deviceId",
  auth: "accessToken",
  rateLimited: "login",
  params: DeviceParams,
  body: Type.Object({ auth: Type.Optional(AuthData) }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3delete_devices */
export const deleteDevices = endpoint({
  operationId: "deleteDevices",
  method: "POST",
  path: "/_matrix/client/v3/delete_devices",
  auth: "accessToken",
  rateLimited: "login",
  body: Type.Object({
    devices: Type.Array(Type.String(), { maxItems: 10_000 }),
    auth: Type.Optional(AuthData),
  }),
  reply: Empty,
});
