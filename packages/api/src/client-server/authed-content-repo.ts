import { endpoint } from "../endpoint.ts";
import { DownloadQuery, MediaConfig, MxcFileParams, MxcParams, ThumbnailQuery } from "./content-repo.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediadownloadservernamemediaid */
export const getContentAuthed = endpoint({
  operationId: "getContentAuthed",
  method: "GET",
  path: "/_matrix/client/v1/media/download/:serverName/:mediaId",
  auth: "accessToken",
  rateLimited: "media",
  params: MxcParams,
  query: DownloadQuery,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediadownloadservernamemediaidfilename */
export const getContentOverrideNameAuthed = endpoint({
  operationId: "getContentOverrideNameAuthed",
  method: "GET",
  path: "/_matrix/client/v1/media/download/:serverName/:mediaId/:fileName",
  auth: "accessToken",
  rateLimited: "media",
  params: MxcFileParams,
  query: DownloadQuery,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediathumbnailservernamemediaid */
export const getContentThumbnailAuthed = endpoint({
  operationId: "getContentThumbnailAuthed",
  method: "GET",
  path: "/_matrix/client/v1/media/thumbnail/:serverName/:mediaId",
  auth: "accessToken",
  rateLimited: "media",
  params: MxcParams,
  query: ThumbnailQuery,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediaconfig */
export const getConfigAuthed = endpoint({
  operationId: "getConfigAuthed",
  method: "GET",
  path: "/_matrix/client/v1/media/config",
  auth: "accessToken",
  rateLimited: "media",
  reply: MediaConfig,
});
