import * as api from "@croft/api";
import { type HandlerArgs, type RawReply, type Route, route } from "@croft/http";
import { notFound } from "@croft/protocol";
import type { Media } from "./create-media.ts";
import { contentReply } from "./download/content-reply.ts";
import { findContent } from "./download/find-content.ts";
import type { Mxc } from "./ports.ts";
import { createContent } from "./upload/create-content.ts";
import { uploadContent } from "./upload/upload-content.ts";
import { uploadContentToMxc } from "./upload/upload-content-to-mxc.ts";

/** Everything about media that has an endpoint. */
export const mediaRoutes = (media: Media): Route[] => [
  ...uploadRoutes(media),
  ...downloadRoutes(media),
  ...legacyRoutes(media),
];

const uriOf = ({ serverName, mediaId }: Mxc): string => `mxc://${serverName}/${mediaId}`;

const uploadOf = (args: HandlerArgs<typeof api.uploadContent | typeof api.uploadContentToMXC>) => ({
  bytes: args.stream,
  contentType: args.contentType,
  contentLength: args.contentLength,
  fileName: args.query.filename,
});

const uploadRoutes = (media: Media): Route[] => [
  route(api.uploadContent, async (args) => {
    const mxc = await uploadContent(media, { userId: args.requester.userId, upload: uploadOf(args) });
    return { content_uri: uriOf(mxc) };
  }),
  route(api.createContent, async ({ requester }) => {
    const { mxc, expiresTs } = await createContent(media, requester.userId);
    return { content_uri: uriOf(mxc), unused_expires_at: expiresTs };
  }),
  route(api.uploadContentToMXC, async (args) => {
    const { requester, params } = args;
    await uploadContentToMxc(media, { userId: requester.userId, mxc: params, upload: uploadOf(args) });
    return {};
  }),
  route(api.getConfigAuthed, async () => configOf(media)),
  route(api.getConfig, async () => configOf(media)),
];

const configOf = ({ maxUploadBytes }: Media) => ({ "m.upload.size": maxUploadBytes });

const downloadRoutes = (media: Media): Route[] => [
  route(api.getContentAuthed, (args) => download(media, args)),
  route(api.getContentOverrideNameAuthed, (args) => download(media, args, args.params.fileName)),
  route(api.getContentThumbnailAuthed, (args) => thumbnail(media, args)),
];

/** https://spec.matrix.org/v1.19/client-server-api/#content-repo-client-behaviour: frozen from the start, or open. */
const legacyRoutes = (media: Media): Route[] => {
  const ifOpen = (reply: () => Promise<RawReply>): Promise<RawReply> =>
    media.legacyDownloads ? reply() : Promise.reject(notFound("Media is only for who has an access token"));
  return [
    route(api.getContent, (args) => ifOpen(() => download(media, args))),
    route(api.getContentOverrideName, (args) => ifOpen(() => download(media, args, args.params.fileName))),
    route(api.getContentThumbnail, (args) => ifOpen(() => thumbnail(media, args))),
  ];
};

type DownloadArgs = Pick<HandlerArgs<typeof api.getContentAuthed | typeof api.getContent>, "params" | "signal"> & {
  readonly requester: object | undefined;
  readonly query: { readonly timeout_ms?: number; readonly allow_remote?: boolean };
};

const contentOf = (media: Media, { params, query, signal }: DownloadArgs) =>
  findContent(media, { mxc: params, timeoutMs: query.timeout_ms, allowRemote: query.allow_remote, signal });

const cacheOf = ({ requester }: DownloadArgs) => (requester ? "private" : "public");

async function download(media: Media, args: DownloadArgs, fileName?: string): Promise<RawReply> {
  const content = await contentOf(media, args);
  return contentReply(media, content, { fileName: fileName ?? content.fileName, cache: cacheOf(args) });
}

type ThumbnailArgs = DownloadArgs & {
  readonly query: { readonly width: number; readonly height: number; readonly method?: "crop" | "scale" };
};

async function thumbnail(media: Media, args: ThumbnailArgs): Promise<RawReply> {
  const { width, height, method = "scale" } = args.query;
  const made = await media.thumbnails.get(await contentOf(media, args), { width, height, method });
  const fileName = `thumbnail.${made.contentType.slice("image/".length)}`;
  return contentReply(media, made, { fileName, cache: cacheOf(args) });
}
