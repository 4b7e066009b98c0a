import {
  createContent,
  getConfig,
  getConfigAuthed,
  getContent,
  getContentAuthed,
  getContentOverrideName,
  getContentOverrideNameAuthed,
  getContentThumbnail,
  getContentThumbnailAuthed,
  uploadContent,
  uploadContentToMXC,
} from "@croft/api";
import sharp from "sharp";
import { expect, test } from "vitest";
import { call } from "../../packages/testkit/src/call.ts";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";

const MAX_UPLOAD_BYTES = 100_000;

onBothEngines(
  (here) => {
    /** `call` sends JSON: bytes go by hand. */
    const send = async (
      { token }: TestUser,
      method: "POST" | "PUT",
      path: string,
      { bytes, type = "text/plain" }: { bytes: string | Uint8Array; type?: string },
    ) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": type };
      const response = await fetch(here.server.url + path, { method, headers, body: Buffer.from(bytes) });
      return { status: response.status, body: await response.json() };
    };
    const upload = async (user: TestUser, bytes: string | Uint8Array, { type = "text/plain", filename = "" } = {}) => {
      const query = filename === "" ? "" : `?filename=${encodeURIComponent(filename)}`;
      const { body } = await send(user, "POST", uploadContent.path + query, { bytes, type });
      return mxcOf(body.content_uri);
    };
    const mxcOf = (uri: string) => {
      const [, serverName = "", mediaId = ""] = /^mxc:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
      return { serverName, mediaId };
    };

    test("what one uploads others download, with its type and its name", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const params = await upload(alice, "tea", { filename: "leaves.txt" });
      expect(params.serverName).toBe("localhost");
      const { status, headers, body } = await bob.call(getContentAuthed, { params });
      expect({ status, body }).toEqual({ status: 200, body: "tea" });
      expect(headers.get("content-type")).toBe("text/plain");
      expect(headers.get("content-disposition")).toMatch(/^inline; ?filename=.*leaves\.txt/);
      expect(headers.get("content-security-policy")).toContain("sandbox");
      const renamed = await bob.call(getContentOverrideNameAuthed, {
        params: { ...params, fileName: "green tea.txt" },
      });
      expect(renamed.headers.get("content-disposition")).toContain("green tea.txt");
    });

    test("a page that someone uploaded is a file to save, not a page of this server", async () => {
      const [alice] = await here.people("alice");
      const params = await upload(alice, "<script></script>", { type: "text/html" });
      const { headers } = await alice.call(getContentAuthed, { params });
      expect(headers.get("content-disposition")).toMatch(/^attachment/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    });

    test("an image comes smaller when a smaller one is asked for, and never larger", async () => {
      const [alice] = await here.people("alice");
      const image = await sharp({ create: { width: 1000, height: 500, channels: 3, background: "red" } })
        .png()
        .toBuffer();
      const params = await upload(alice, image, { type: "image/png" });
      const sizeOf = async (width: number, height: number, method: "scale" | "crop") => {
        const query = new URLSearchParams({ width: `${width}`, height: `${height}`, method });
        const path = getContentThumbnailAuthed.path
          .replace(":serverName", "localhost")
          .replace(":mediaId", params.mediaId);
        const headers = { authorization: `Bearer ${alice.token}` };
        const reply = await fetch(`${here.server.url}${path}?${query}`, { headers });
        const { width: wide, height: high } = await sharp(Buffer.from(await reply.arrayBuffer())).metadata();
        return [wide, high];
      };
      const [wide = 0, high = 0] = await sizeOf(64, 64, "scale");
      expect(wide).toBeLessThan(1000);
      expect(wide).toBe(2 * high);
      const [across, down] = await sizeOf(32, 32, "crop");
      expect(across).toBe(down);
      expect(await sizeOf(4_000, 4_000, "scale")).toEqual([1000, 500]);
      const text = await upload(alice, "no image");
      const query = { width: 32, height: 32 };
      expect((await alice.call(getContentThumbnailAuthed, { params: text, query })).status).toBeGreaterThanOrEqual(400);
    });

    test("a place can be had before the bytes, filled once, by who made it", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const { content_uri, unused_expires_at } = await alice.ok(createContent);
      expect(unused_expires_at).toBeGreaterThan(here.server.clock.now());
      const params = mxcOf(content_uri);
      const early = await bob.call(getContentAuthed, { params, query: { timeout_ms: 0 } });
      expect(early).toMatchObject(refusal(504, "M_NOT_YET_UPLOADED"));
      const path = uploadContentToMXC.path.replace(":serverName", "localhost").replace(":mediaId", params.mediaId);
      expect(await send(bob, "PUT", path, { bytes: "mine" })).toMatchObject(refusal(403, "M_FORBIDDEN"));
      const waiting = bob.call(getContentAuthed, { params });
      expect(await send(alice, "PUT", path, { bytes: "tea" })).toEqual({ status: 200, body: {} });
      expect(await waiting).toMatchObject({ status: 200, body: "tea" });
      expect(await send(alice, "PUT", path, { bytes: "more" })).toMatchObject(refusal(409, "M_CANNOT_OVERWRITE_MEDIA"));
    });

    test("how large an upload may be is told, and kept to", async () => {
      const [alice] = await here.people("alice");
      const limit = { "m.upload.size": MAX_UPLOAD_BYTES };
      expect(await alice.ok(getConfigAuthed)).toEqual(limit);
      expect(await alice.ok(getConfig)).toEqual(limit);
      const large = await send(alice, "POST", uploadContent.path, { bytes: new Uint8Array(MAX_UPLOAD_BYTES + 1) });
      expect(large).toMatchObject(refusal(413, "M_TOO_LARGE"));
    });

    test("media is for who has an account here, at the old paths too", async () => {
      const [alice] = await here.people("alice");
      const params = await upload(alice, "tea");
      const { url } = here.server;
      const missingToken = refusal(401, "M_MISSING_TOKEN");
      expect(await call(url, getContentAuthed, { params })).toMatchObject(missingToken);
      const query = { width: 32, height: 32 };
      const notFound = refusal(404, "M_NOT_FOUND");
      expect(await call(url, getContent, { params })).toMatchObject(notFound);
      expect(await call(url, getContentOverrideName, { params: { ...params, fileName: "a" } })).toMatchObject(notFound);
      expect(await call(url, getContentThumbnail, { params, query })).toMatchObject(notFound);
    });

    test("media that is not there is not found, and an id that leaves its folder is none", async () => {
      const [alice] = await here.people("alice");
      const ask = (mediaId: string, serverName = "localhost") =>
        alice.call(getContentAuthed, { params: { serverName, mediaId } });
      expect(await ask("nothing")).toMatchObject(refusal(404, "M_NOT_FOUND"));
      expect(await ask("nothing", "elsewhere.example")).toMatchObject({ status: 404 });
      expect(await ask("../croft.db")).toMatchObject({ status: 400 });
    });
  },
  { settings: { maxUploadBytes: MAX_UPLOAD_BYTES } },
);
