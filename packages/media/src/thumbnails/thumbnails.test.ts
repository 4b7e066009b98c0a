import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { MEDIA, type Reply, type TestMedia, testMedia } from "../test-media.ts";

const picture = (width: number, height: number, alpha = 1): Sharp =>
  sharp({ create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha } } });

const opaque = (width: number, height: number) => picture(width, height).removeAlpha();

const sizeOf = async ({ bytes }: Reply) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return `${format} ${width}x${height}`;
};

const thumbnailOf = async (server: TestMedia, bytes: Uint8Array, query: string, type = "image/png") =>
  server.thumbnail(await server.upload(bytes, { type }), query);

/** A PNG that says it has so many pixels; what follows is hardly anything. */
function bomb(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(100_000))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

test("scaled, an image keeps its aspect within the next larger of the spec's sizes", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload(await opaque(2000, 1000).png().toBuffer(), { type: "image/png" });
  const found = async (query: string) => sizeOf(await server.thumbnail(mediaId, query));
  expect(await found("width=100&height=100&method=scale")).toBe("jpeg 320x160");
  expect(await found("width=640&height=480")).toBe("jpeg 640x320");
  expect(await found("width=800&height=600")).toBe("jpeg 800x400");
});

test("cropped, an image gets the aspect that was asked for", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload(await opaque(2000, 1000).jpeg().toBuffer(), { type: "image/jpeg" });
  const found = async (query: string) => sizeOf(await server.thumbnail(mediaId, `${query}&method=crop`));
  expect(await found("width=32&height=32")).toBe("jpeg 32x32");
  expect(await found("width=320&height=240")).toBe("jpeg 320x240");
});

test("nothing is made larger than it is", async () => {
  await using server = await testMedia();
  const small = await opaque(50, 30).png().toBuffer();
  expect(await sizeOf(await thumbnailOf(server, small, "width=800&height=600"))).toBe("png 50x30");
  expect(await sizeOf(await thumbnailOf(server, small, "width=96&height=96&method=crop"))).toBe("jpeg 30x30");
});

test("an image that is small already is its own thumbnail", async () => {
  await using server = await testMedia();
  const small = await opaque(50, 30).jpeg().toBuffer();
  const reply = await thumbnailOf(server, small, "width=320&height=240", "application/octet-stream");
  expect(reply.bytes.equals(small)).toBe(true);
  expect(reply.headers.get("content-type")).toBe("image/jpeg");
  expect(await server.fileNames()).toHaveLength(1);
});

test("a thumbnail is shown inline, under a type and a name of its own", async () => {
  await using server = await testMedia();
  const reply = await thumbnailOf(server, await opaque(500, 500).png().toBuffer(), "width=32&height=32", "text/html");
  expect(reply.headers.get("content-type")).toBe("image/jpeg");
  expect(reply.headers.get("content-disposition")).toBe('inline; filename="thumbnail.jpeg"');
  expect(reply.headers.get("content-length")).toBe(String(reply.bytes.length));
  expect(reply.headers.get("content-security-policy")).toMatch(/^sandbox/);
});

test("what is transparent stays so", async () => {
  await using server = await testMedia();
  const reply = await thumbnailOf(server, await picture(500, 500, 0.5).png().toBuffer(), "width=32&height=32");
  expect(await sizeOf(reply)).toBe("webp 240x240");
  expect((await sharp(reply.bytes).stats()).isOpaque).toBe(false);
});

test("a photo is turned as its camera was held, and tells nothing else of where it was taken", async () => {
  await using server = await testMedia();
  const exif = { IFD0: { Copyright: "secret" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1" } };
  const photo = (width: number, height: number) =>
    opaque(width, height).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const large = await thumbnailOf(server, await photo(1000, 500), "width=320&height=240");
  expect(await sizeOf(large)).toBe("jpeg 120x240");
  const small = await thumbnailOf(server, await photo(100, 50), "width=320&height=240");
  expect(await sizeOf(small)).toBe("jpeg 50x100");
  for (const { bytes } of [large, small]) {
    const { exif: left, orientation } = await sharp(bytes).metadata();
    expect([left, orientation]).toEqual([undefined, undefined]);
  }
});

test.each(["gif", "webp"] as const)(
  "an animation stands still unless something else is asked for (%s)",
  async (format) => {
    await using server = await testMedia();
    const frames = await Promise.all([10, 200].map((g) => opaque(40, 40).linear(1, g).png().toBuffer()));
    const animation = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    for (const animated of ["", "&animated=false"]) {
      const reply = await thumbnailOf(server, animation, `width=96&height=96${animated}`);
      expect(reply.status).toBe(200);
      expect((await sharp(reply.bytes).metadata()).pages ?? 1).toBe(1);
    }
  },
);

test.each(["avif", "gif", "webp"] as const)("%s can be scaled", async (format) => {
  await using server = await testMedia();
  const reply = await thumbnailOf(server, await opaque(700, 700).toFormat(format).toBuffer(), "width=320&height=240");
  expect(await sizeOf(reply)).toMatch(/^(jpeg|webp) 240x240$/);
});

const cannotBeScaled: readonly [string, () => Promise<Buffer> | Buffer][] = [
  ["text", () => Buffer.from("no image at all")],
  ["an empty file", () => Buffer.alloc(0)],
  ["SVG", () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><rect/></svg>')],
  ["TIFF", () => opaque(500, 500).tiff().toBuffer()],
  ["a PNG that breaks off", async () => (await opaque(900, 900).png().toBuffer()).subarray(0, 60)],
  ["a head of JPEG with noise behind", () => Buffer.concat([Buffer.from("\xff\xd8\xff", "latin1"), Buffer.alloc(999)])],
];

test.each(cannotBeScaled)("%s has no thumbnail, whatever type it claims", async (_, make) => {
  await using server = await testMedia();
  const reply = await thumbnailOf(server, await make(), "width=32&height=32");
  expect(reply).toMatchObject({ status: 400, json: { errcode: "M_UNKNOWN" } });
  expect(reply.json.error).toBe("No thumbnail can be made of this content");
});

test("an image of too many pixels is refused before it is decoded", async () => {
  await using server = await testMedia();
  const reply = await thumbnailOf(server, bomb(30_000, 30_000), "width=32&height=32");
  expect(reply).toMatchObject({ status: 413, json: { errcode: "M_TOO_LARGE" } });
});

test("sizes that are none are refused", async () => {
  await using server = await testMedia();
  const mediaId = await server.upload(await opaque(50, 50).png().toBuffer());
  for (const query of [
    "width=0&height=1",
    "width=-1&height=1",
    "width=1.5&height=1",
    "width=1",
    "width=a&height=1",
    "width=1&height=1&method=stretch",
  ]) {
    expect((await server.thumbnail(mediaId, query)).status, query).toBe(400);
  }
});

test("a thumbnail is made once for all who ask, for all uploads of the same content, and for sizes near each other", async () => {
  await using server = await testMedia();
  const image = await opaque(900, 900).png().toBuffer();
  const [one, two] = [await server.upload(image), await server.upload(image)];
  const { scaler } = server.media;
  const { scale } = scaler;
  let made = 0;
  scaler.scale = (job) => {
    made++;
    return scale.call(scaler, job);
  };
  const asked = [one, one, two].map((mediaId) => server.thumbnail(mediaId, "width=32&height=32&method=crop"));
  const replies = await Promise.all([...asked, server.thumbnail(one, "width=30&height=20&method=crop")]);
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200]);
  expect(made).toBe(1);
  await server.thumbnail(two, "width=32&height=32&method=crop");
  expect(made).toBe(1);
  expect(await server.fileNames()).toHaveLength(2);
});

test("a thumbnail needs its media to be there", async () => {
  await using server = await testMedia();
  const path = `${MEDIA}/thumbnail/example.org/never?width=1&height=1`;
  expect((await server.send("GET", path, { token: "bob" })).status).toBe(404);
});
