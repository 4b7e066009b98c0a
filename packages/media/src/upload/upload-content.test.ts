import { createHash } from "node:crypto";
import { createConnection } from "node:net";
import { StorageUnavailable } from "@croft/storage";
import { until } from "@croft/testkit";
import { expect, test } from "vitest";
import { mediaIdOf, testMedia, UPLOAD } from "../test-media.ts";

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("what was uploaded comes back byte for byte, with its type and name", async () => {
  await using server = await testMedia();
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  const mediaId = await server.upload(bytes, { type: "image/png", fileName: "a cat.png" });
  const { status, headers, bytes: got } = await server.download(mediaId);
  expect(status).toBe(200);
  expect(got.equals(bytes)).toBe(true);
  expect(headers.get("content-type")).toBe("image/png");
  expect(headers.get("content-length")).toBe("300000");
  expect(headers.get("content-disposition")).toBe('inline; filename="a cat.png"');
  expect(await server.fileNames()).toEqual([sha256(bytes)]);
});

test("an empty file is a file", async () => {
  await using server = await testMedia();
  const { status, bytes } = await server.download(await server.upload(""));
  expect([status, bytes.length]).toEqual([200, 0]);
});

test("the same content twice is stored once, under two media ids that stay apart", async () => {
  await using server = await testMedia();
  const uploads = await Promise.all([
    server.upload("same", { type: "text/plain", fileName: "one.txt" }),
    server.upload("same", { type: "text/html", fileName: "two.html" }),
  ]);
  expect(new Set(uploads).size).toBe(2);
  expect(await server.fileNames()).toEqual([sha256("same")]);
  const [one, two] = await Promise.all(uploads.map((mediaId) => server.download(mediaId)));
  expect(one?.headers.get("content-disposition")).toBe('inline; filename="one.txt"');
  expect(two?.headers.get("content-disposition")).toBe('attachment; filename="two.html"');
});

test("uploading takes an access token", async () => {
  await using server = await testMedia();
  expect((await server.send("POST", UPLOAD, { body: "x" })).status).toBe(401);
  expect(await server.fileNames()).toEqual([]);
});

test("a content type that is none is not kept", async () => {
  await using server = await testMedia();
  for (const type of ["image", "image/", "a/b, c/d", "é/x", `text/${"x".repeat(300)}`, "<script>"]) {
    const { headers } = await server.download(await server.upload("x", { type }));
    expect(headers.get("content-type"), type).toBe("application/octet-stream");
  }
  const { headers } = await server.download(await server.upload("x", { type: 'text/plain; charset="utf-8"' }));
  expect(headers.get("content-type")).toBe('text/plain; charset="utf-8"');
});

test("a file of the largest size is taken, and one byte more is refused, with nothing left of it", async () => {
  await using server = await testMedia({ maxUploadBytes: 100_000 });
  await server.upload("x".repeat(100_000));
  const body = "y".repeat(100_001);
  const said = await server.send("POST", UPLOAD, { token: "alice", body });
  expect(said).toMatchObject({ status: 413, json: { errcode: "M_TOO_LARGE" } });
  expect(await server.fileNames()).toEqual([sha256("x".repeat(100_000))]);
});

test("an upload that does not say how long it is, and does not end, is told so while it still sends", async () => {
  await using server = await testMedia({ maxUploadBytes: 100_000 });
  const socket = createConnection(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => {});
  let reply = "";
  socket.on("data", (data) => {
    reply += data.toString();
  });
  socket.write(
    `POST ${UPLOAD} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  const chunk = `2710\r\n${"z".repeat(10_000)}\r\n`;
  await until("a reply", () => {
    if (reply === "") socket.write(chunk);
    return reply.includes('"M_TOO_LARGE"');
  });
  expect(reply).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
  await until("the part to be removed", async () => (await server.fileNames()).length === 0);
});

test("an upload that breaks off leaves nothing behind", async () => {
  await using server = await testMedia();
  const socket = createConnection(Number(new URL(server.url).port), "127.0.0.1");
  socket.write(
    `POST ${UPLOAD} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\ncontent-length: 50000\r\n\r\n${"z".repeat(20_000)}`,
  );
  await until("the part to be there", async () => (await server.fileNames()).length === 1);
  socket.destroy();
  await until("the part to be removed", async () => (await server.fileNames()).length === 0);
});

test("a crash in the middle of an upload leaves no half file", async () => {
  await using server = await testMedia();
  const { promise: halt, resolve: resume } = Promise.withResolvers<void>();
  async function* bytes() {
    yield Buffer.from("half");
    await halt;
  }
  const kept = server.media.files.keep(bytes(), { maxBytes: 100, record: async () => {} });
  await until("the part to be there", async () => (await server.fileNames()).length === 1);
  await server.restarted();
  expect(await server.fileNames()).toEqual([]);
  resume();
  await kept.catch(() => {});
});

test("a crash between a file and its row leaves no file, unless another row has the same content", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload("shared");
  const { promise: never, resolve: end } = Promise.withResolvers<void>();
  const crashed = ["shared", "alone"].map((text) =>
    server.media.files.keep([Buffer.from(text)], { maxBytes: 100, record: () => never }),
  );
  await until("both files and their markers", async () => (await server.fileNames()).length === 4);
  await server.restarted();
  expect(await server.fileNames()).toEqual([sha256("shared")]);
  expect((await server.download(mediaId)).bytes.toString()).toBe("shared");
  end();
  await Promise.all(crashed);
});

test("where the row is refused, the file goes; where the database was lost, the next start decides", async () => {
  await using server = await testMedia();
  const keep = (text: string, error: Error) =>
    server.media.files.keep([Buffer.from(text)], { maxBytes: 100, record: () => Promise.reject(error) });
  await expect(keep("refused", new Error("refused"))).rejects.toThrow("refused");
  expect(await server.fileNames()).toEqual([]);
  await expect(keep("lost", new StorageUnavailable("lost"))).rejects.toThrow("lost");
  expect(await server.fileNames()).toEqual([sha256("lost"), sha256("lost")]);
  await server.restarted();
  expect(await server.fileNames()).toEqual([]);
});

test("a full disk is told as such, and nothing of the file stays", async () => {
  await using server = await testMedia();
  async function* bytes() {
    yield Buffer.from("begun");
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  }
  const kept = server.media.files.keep(bytes(), { maxBytes: 100, record: async () => {} });
  await expect(kept).rejects.toThrow(new StorageUnavailable("The file was not stored: the disk is full."));
  expect(await server.fileNames()).toEqual([]);
});

test("an acknowledged upload is there after a restart", async () => {
  await using server = await testMedia();
  const reply = await server.send("POST", UPLOAD, { token: "alice", body: "kept" });
  const mediaId = mediaIdOf(reply);
  const media = await server.restarted();
  const record = await media.storage.read.media.get(mediaId);
  const stream = await media.files.read(record?.content?.sha256 ?? "");
  expect(Buffer.concat(await Array.fromAsync(stream)).toString()).toBe("kept");
});
