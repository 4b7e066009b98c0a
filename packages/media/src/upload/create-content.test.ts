import { until } from "@croft/testkit";
import { expect, test } from "vitest";
import { CREATE, MEDIA, mediaIdOf, type TestMedia, testMedia, UPLOAD } from "../test-media.ts";

const DAY_MS = 24 * 60 * 60_000;

const create = async (server: TestMedia, token = "alice") =>
  mediaIdOf(await server.send("POST", CREATE, { token, body: {} }));
const put = (server: TestMedia, mediaId: string, { token = "alice", body = "late", name = "example.org" } = {}) =>
  server.send("PUT", `${UPLOAD}/${name}/${mediaId}?filename=late.txt`, {
    token,
    body,
    headers: { "content-type": "text/plain" },
  });
const download = (server: TestMedia, mediaId: string, query = "") =>
  server.send("GET", `${MEDIA}/download/example.org/${mediaId}${query}`, { token: "bob" });

test("media that was announced is uploaded later, once", async () => {
  await using server = await testMedia();
  const created = await server.send("POST", CREATE, { token: "alice" });
  expect(created.json.unused_expires_at).toBe(server.clock.now() + DAY_MS);
  const mediaId = mediaIdOf(created);
  expect(await put(server, mediaId)).toMatchObject({ status: 200, json: {} });
  const got = await download(server, mediaId);
  expect([got.text, got.headers.get("content-disposition")]).toEqual(["late", 'inline; filename="late.txt"']);
  const again = await put(server, mediaId, { body: "other" });
  expect(again).toMatchObject({ status: 409, json: { errcode: "M_CANNOT_OVERWRITE_MEDIA" } });
  expect((await download(server, mediaId)).text).toBe("late");
});

test("of two uploads to one media id at once, one is taken and the other leaves nothing", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  const replies = await Promise.all(["one", "two"].map((body) => put(server, mediaId, { body })));
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
  expect(await server.fileNames()).toHaveLength(1);
});

test("what was uploaded at once cannot be overwritten either", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload("first");
  expect(await put(server, mediaId)).toMatchObject({ status: 409 });
});

test("only who announced media uploads it", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  expect(await put(server, mediaId, { token: "bob" })).toMatchObject({ status: 403, json: { errcode: "M_FORBIDDEN" } });
  expect(await server.fileNames()).toEqual([]);
});

test("a media id that nobody made, or another server made, takes no upload", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  for (const refused of [await put(server, "nobody"), await put(server, mediaId, { name: "other.org" })]) {
    expect(refused).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
  }
});

test("an announcement ends after a day", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  server.clock.advance(DAY_MS);
  expect(await put(server, mediaId)).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
  expect(await download(server, mediaId)).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
});

test("an announcement that has ended is forgotten within the hour", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  const { read } = server.media.storage;
  server.clock.advance(DAY_MS - 1);
  expect(await read.media.get(mediaId)).toBeDefined();
  await until("the announcement to be forgotten", async () => {
    server.clock.advance(60 * 60_000);
    return (await read.media.get(mediaId)) === undefined;
  });
});

test("too large is too large for announced media too", async () => {
  await using server = await testMedia({ maxUploadBytes: 10 });
  const mediaId = await create(server);
  expect(await put(server, mediaId, { body: "x".repeat(11) })).toMatchObject({ status: 413 });
  expect(await put(server, mediaId, { body: "x".repeat(10) })).toMatchObject({ status: 200 });
});

test("a user may announce only so many uploads, and again once they have come", async () => {
  await using server = await testMedia();
  const ids = await Promise.all(Array.from({ length: 20 }, () => create(server)));
  const refused = await server.send("POST", CREATE, { token: "alice" });
  expect(refused).toMatchObject({ status: 429, json: { errcode: "M_LIMIT_EXCEEDED" } });
  await create(server, "bob");
  await put(server, ids[0] ?? "");
  await create(server);
});

test("a download waits for what was announced, and gets it when it comes", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  const waiting = [download(server, mediaId), download(server, mediaId, "?timeout_ms=60000")];
  await until("both to wait", () => server.media.awaited.waiting === 2);
  await put(server, mediaId);
  expect((await Promise.all(waiting)).map((reply) => reply.text)).toEqual(["late", "late"]);
  expect(server.media.awaited.waiting).toBe(0);
});

test.each([
  ["?timeout_ms=5000", 5_000],
  ["", 20_000],
  ["?timeout_ms=86400000", 60_000],
])("a download that has waited in vain is told so (%s)", async (query, ms) => {
  await using server = await testMedia();
  const mediaId = await create(server);
  const waiting = download(server, mediaId, query);
  await until("it to wait", () => server.media.awaited.waiting === 1);
  server.clock.advance(ms - 1);
  expect(server.media.awaited.waiting).toBe(1);
  server.clock.advance(1);
  expect(await waiting).toMatchObject({ status: 504, json: { errcode: "M_NOT_YET_UPLOADED" } });
});

test("timeout_ms 0 asks and does not wait", async () => {
  await using server = await testMedia();
  const reply = await download(server, await create(server), "?timeout_ms=0");
  expect(reply).toMatchObject({ status: 504, json: { errcode: "M_NOT_YET_UPLOADED" } });
});

test("who hangs up waits no longer", async () => {
  await using server = await testMedia();
  const mediaId = await create(server);
  const caller = new AbortController();
  const waiting = fetch(`${server.url}${MEDIA}/download/example.org/${mediaId}`, {
    headers: { authorization: "Bearer bob" },
    signal: caller.signal,
  });
  await until("it to wait", () => server.media.awaited.waiting === 1);
  caller.abort();
  await expect(waiting).rejects.toThrow();
  await until("nobody to wait", () => server.media.awaited.waiting === 0);
});
