import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#matrix-content-mxc-uris: any other character could leave a folder. */
export const MxcParams = Type.Object({
  serverName: Type.String({ maxLength: 255 }),
  mediaId: Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 255 }),
});

const FileName = Type.String({ maxLength: 512 });

export const MxcFileParams = Type.Object({ ...MxcParams.properties, fileName: FileName });

export const DownloadQuery = Type.Object({ timeout_ms: Type.Optional(Type.Integer({ minimum: 0 })) });

export const ThumbnailQuery = Type.Object({
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  method: Type.Optional(Type.Enum(["crop", "scale"])),
  animated: Type.Optional(Type.Boolean()),
  ...DownloadQuery.properties,
});

export const MediaConfig = Type.Object({ "m.upload.size": Type.Integer() });

const AllowRemote = { allow_remote: Type.Optional(Type.Boolean()) };

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixmediav3upload */
export const uploadContent = endpoint({
  operationId: "uploadContent",
  method: "POST",
  path: "/_matrix/media/v3/upload",
  alsoAt: ["/_matrix/media/r0/upload"],
  auth: "accessToken",
  rateLimited: "media",
  query: Type.Object({ filename: Type.Optional(FileName) }),
  streamsBody: true,
  reply: Type.Object({ content_uri: Type.String() }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixmediav3uploadservernamemediaid */
export const uploadContentToMXC = endpoint({
  operationId: "uploadContentToMXC",
  method: "PUT",
  path: "/_matrix/media/v3/upload/:serverName/:mediaId",
  auth: "accessToken",
  rateLimited: "media",
  params: MxcParams,
  query: Type.Object({ filename: Type.Optional(FileName) }),
  streamsBody: true,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixmediav1create */
export const createContent = endpoint({
  operationId: "createContent",
  method: "POST",
  path: "/_matrix/media/v1/create",
  auth: "accessToken",
  rateLimited: "media",
  reply: Type.Object({ content_uri: Type.String(), unused_expires_at: Type.Integer() }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixmediav3downloadservernamemediaid (deprecated) */
export const getContent = endpoint({
  operationId: "getContent",
  method: "GET",
  path: "/_matrix/media/v3/download/:serverName/:mediaId",
  auth: "none",
  rateLimited: "media",
  params: MxcParams,
  query: Type.Object({ ...DownloadQuery.properties, ...AllowRemote }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixmediav3downloadservernamemediaidfilename (deprecated) */
export const getContentOverrideName = endpoint({
  operationId: "getContentOverrideName",
  method: "GET",
  path: "/_matrix/media/v3/download/:serverName/:mediaId/:fileName",
  auth: "none",
  rateLimited: "media",
  params: MxcFileParams,
  query: Type.Object({ ...DownloadQuery.properties, ...AllowRemote }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixmediav3thumbnailservernamemediaid (deprecated) */
export const getContentThumbnail = endpoint({
  operationId: "getContentThumbnail",
  method: "GET",
  path: "/_matrix/media/v3/thumbnail/:serverName/:mediaId",
  auth: "none",
  rateLimited: "media",
  params: MxcParams,
  query: Type.Object({ ...ThumbnailQuery.properties, ...AllowRemote }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixmediav3config (deprecated) */
export const getConfig = endpoint({
  operationId: "getConfig",
  method: "GET",
  path: "/_matrix/media/v3/config",
  alsoAt: ["/_matrix/media/r0/config"],
  auth: "accessToken",
  rateLimited: "media",
  reply: MediaConfig,
});
