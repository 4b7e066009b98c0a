import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MatrixError, type UserId } from "@croft/protocol";
import { Lifecycle, seededRandom, silentLogger, TestClock } from "@croft/runtime";
import { openTestStorage, type ServedReply, type ServedRoutes, serveRoutes } from "@croft/testkit";
import { createMedia, type Media, type MediaDeps, startMedia } from "./create-media.ts";
import { mediaRoutes } from "./routes.ts";

/** The fields of replies that tests look at. */
export type ReplyJson = {
  readonly content_uri: string;
  readonly unused_expires_at: number;
  readonly errcode: string;
  readonly error: string;
};
export type Reply = ServedReply & { readonly json: ReplyJson };

/** The media of one server, called over HTTP, with a clock to move. `token` is a user's localpart. */
export type TestMedia = AsyncDisposable & {
  readonly media: Media;
  readonly clock: TestClock;
  readonly url: string;
  readonly folder: string;
  send(method: string, path: string, options?: Parameters<ServedRoutes["send"]>[2]): Promise<Reply>;
  /** Uploads as alice and answers the media id. */
  upload(bytes: Uint8Array | string, options?: { type?: string; fileName?: string }): Promise<string>;
  download(mediaId: string): Promise<Reply>;
  thumbnail(mediaId: string, query: string): Promise<Reply>;
  /** Every file in the media folder, below it. */
  fileNames(): Promise<string[]>;
  /** Another server process on the same folder and database, as after a crash of this one. */
  restarted(): Promise<Media>;
};

export const UPLOAD = "/_matrix/media/v3/upload";
export const CREATE = "/_matrix/media/v1/create";
export const MEDIA = "/_matrix/client/v1/media";

export async function testMedia(given: Partial<MediaDeps> = {}): Promise<TestMedia> {
  const clock = new TestClock();
  const { storage, close } = await openTestStorage({ clock });
  const folder = await mkdtemp(join(tmpdir(), "croft-media-"));
  const deps: MediaDeps = {
    storage,
    clock,
    random: seededRandom("media"),
    serverName: "example.org",
    folder,
    maxUploadBytes: 1024 * 1024,
    remote: { get: async () => undefined },
    ...given,
  };
  const lifecycle = new Lifecycle({ logger: silentLogger });
  const start = async (random: MediaDeps["random"]) => {
    const media = createMedia({ ...deps, random });
    await startMedia(media, lifecycle);
    return media;
  };
  const media = await start(deps.random);
  const served = await serveRoutes(mediaRoutes(media), {
    clock,
    authenticate: async (token) => {
      if (!/^[a-z]+$/.test(token)) throw new MatrixError("M_UNKNOWN_TOKEN", "Unknown access token");
      const userId: UserId = `@${token}:example.org`;
      return { userId, deviceId: "PHONE", isAdmin: false, isGuest: false, tokenId: 1 };
    },
  });
  const send: TestMedia["send"] = async (...args) => {
    const reply = await served.send(...args);
    return { ...reply, json: reply.json as ReplyJson };
  };
  const get = (path: string) => send("GET", MEDIA + path, { token: "alice" });
  return {
    media,
    clock,
    folder,
    url: served.url,
    send,
    async upload(bytes, { type, fileName } = {}) {
      const query = fileName === undefined ? "" : `?filename=${encodeURIComponent(fileName)}`;
      const headers = type === undefined ? {} : { "content-type": type };
      const reply = await send("POST", UPLOAD + query, { token: "alice", body: Buffer.from(bytes), headers });
      return mediaIdOf(reply);
    },
    download: (mediaId) => get(`/download/example.org/${mediaId}`),
    thumbnail: (mediaId, query) => get(`/thumbnail/example.org/${mediaId}?${query}`),
    async fileNames() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    restarted: () => start(seededRandom("after the crash")),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await lifecycle[Symbol.asyncDispose]();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function mediaIdOf({ status, json, text }: Reply): string {
  const mediaId = /^mxc:\/\/example\.org\/([A-Za-z0-9_-]+)$/.exec(json?.content_uri)?.[1];
  if (status !== 200 || mediaId === undefined) throw new Error(`not uploaded: ${status} ${text}`);
  return mediaId;
}
