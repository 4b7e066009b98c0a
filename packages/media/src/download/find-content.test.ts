import { request } from "node:http";
import type { UploadedContent } from "@croft/storage";
import { expect, test } from "vitest";
import type { Mxc } from "../ports.ts";
import { MEDIA, testMedia, UPLOAD } from "../test-media.ts";

const LEGACY = "/_matrix/media/v3";

test("a download cannot run as a page of this server, and may be kept for ever", async () => {
  await using server = await testMedia();
  const { headers } = await server.download(await server.upload("<script>", { type: "text/html" }));
  expect(headers.get("content-type")).toBe("text/html");
  expect(headers.get("content-disposition")).toBe("attachment");
  expect(headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'; script-src 'none';/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect(headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
});

test("who downloads may name the file", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload("x", { type: "text/plain", fileName: "mine.txt" });
  const path = `${MEDIA}/download/example.org/${mediaId}/${encodeURIComponent("yours/ü.txt")}`;
  const { headers } = await server.send("GET", path, { token: "bob" });
  expect(headers.get("content-disposition")).toBe(
    `inline; filename="yours/_.txt"; filename*=UTF-8''yours%2F%C3%BC.txt`,
  );
});

test("HEAD tells of a file without sending it", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload("12345", { type: "text/plain" });
  const reply = await server.send("HEAD", `${MEDIA}/download/example.org/${mediaId}`, { token: "bob" });
  expect([reply.status, reply.headers.get("content-length"), reply.text]).toEqual([200, "5", ""]);
});

test("no address leads out of the media folder", async () => {
  await using server = await testMedia();
  await server.upload("x");
  // Written by hand: fetch would tidy the path up.
  const statusOf = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      request({ hostname, port, path, headers: { authorization: "Bearer alice" } }, (reply) => {
        reply.resume();
        resolve(reply.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });
  const hostile = ["..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a/../../b", "a%00b", "a%2Fb", "%c0%ae", "a.b", "a%5cb"];
  for (const name of hostile) {
    expect(await statusOf(`${MEDIA}/download/example.org/${name}`), name).toBeGreaterThanOrEqual(400);
    expect(await statusOf(`${MEDIA}/download/example.org/${name}`), name).toBeLessThan(500);
    expect(await statusOf(`${MEDIA}/thumbnail/example.org/${name}?width=1&height=1`), name).toBeLessThan(500);
  }
  for (const name of ["..%2f..", "exa%20mple.org", "example.org%2f..", "[::1", "a:b:c"]) {
    expect(await statusOf(`${MEDIA}/download/${name}/abc`), name).toBe(400);
  }
});

test("media that nobody uploaded is not found", async () => {
  await using server = await testMedia();
  const reply = await server.send("GET", `${MEDIA}/download/example.org/abc`, { token: "bob" });
  expect(reply).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
});

test("another server's media comes from whoever fetches it, if it can be had", async () => {
  const asked: Mxc[] = [];
  let content: UploadedContent | undefined;
  await using server = await testMedia({
    remote: {
      async get(mxc) {
        asked.push(mxc);
        return content;
      },
    },
  });
  const received = await server.media.files.keep([Buffer.from("far")], { maxBytes: 10, record: async () => {} });
  const get = () => server.send("GET", `${MEDIA}/download/other.org:8448/abc`, { token: "bob" });
  expect(await get()).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
  content = { ...received, contentType: "text/plain", fileName: "far.txt" };
  expect(await get()).toMatchObject({ status: 200, text: "far" });
  const mxc = { serverName: "other.org:8448", mediaId: "abc" };
  expect(asked).toEqual([mxc, mxc]);
});

test("downloads take an access token, and the old paths have nothing", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload("x");
  for (const what of ["download", "thumbnail"]) {
    const path = `${what}/example.org/${mediaId}?width=1&height=1`;
    expect((await server.send("GET", `${MEDIA}/${path}`)).status).toBe(401);
    const legacy = await server.send("GET", `${LEGACY}/${path}`);
    expect(legacy).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
  }
});

test("the old paths serve everybody where they are switched on, and no other server's media if they may not", async () => {
  let asked = 0;
  await using server = await testMedia({
    legacyDownloads: true,
    remote: {
      async get() {
        asked++;
        return undefined;
      },
    },
  });
  const mediaId = await server.upload("open", { type: "text/plain" });
  const reply = await server.send("GET", `${LEGACY}/download/example.org/${mediaId}/name.txt`);
  expect(reply).toMatchObject({ status: 200, text: "open" });
  expect(reply.headers.get("cache-control")).toMatch(/^public, /);
  expect((await server.send("GET", `${LEGACY}/download/other.org/abc?allow_remote=false`)).status).toBe(404);
  expect(asked).toBe(0);
  expect((await server.send("GET", `${LEGACY}/download/other.org/abc`)).status).toBe(404);
  expect(asked).toBe(1);
});

test("clients are told how large an upload may be", async () => {
  await using server = await testMedia({ maxUploadBytes: 12_345 });
  for (const path of [`${MEDIA}/config`, `${LEGACY}/config`]) {
    expect((await server.send("GET", path, { token: "bob" })).json).toEqual({ "m.upload.size": 12_345 });
    expect((await server.send("GET", path)).status).toBe(401);
  }
});

test("a file name that is longer than any is refused", async () => {
  await using server = await testMedia();
  const reply = await server.send("POST", `${UPLOAD}?filename=${"x".repeat(513)}`, { token: "alice", body: "x" });
  expect(reply).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
});
