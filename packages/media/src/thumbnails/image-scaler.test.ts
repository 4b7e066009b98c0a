import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestClock } from "@croft/runtime";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ImageScaler } from "./image-scaler.ts";

let folder = "";
let path = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "croft-scaler-"));
  path = join(folder, "image.png");
  await sharp({ create: { width: 3000, height: 3000, channels: 3, background: "red" } }).toFile(path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const job = () => ({ path, method: "scale", width: 320, height: 240 }) as const;

test("the decoder is there only while images come, and again when one does", async () => {
  const clock = new TestClock();
  const scaler = new ImageScaler({ clock });
  expect(scaler.running).toBe(false);
  expect(await scaler.scale(job())).toMatchObject({ kind: "image", contentType: "image/jpeg" });
  clock.advance(59_999);
  expect(scaler.running).toBe(true);
  await scaler.scale(job());
  clock.advance(59_999);
  expect(scaler.running).toBe(true);
  clock.advance(1);
  expect(scaler.running).toBe(false);
  expect(await scaler.scale(job())).toMatchObject({ kind: "image" });
  await scaler.close();
});

test("a file of a format that is not scaled is not decoded", async () => {
  const scaler = new ImageScaler({ clock: new TestClock() });
  const svg = join(folder, "image.svg");
  await writeFile(svg, '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><rect/></svg>');
  const ppm = join(folder, "image.ppm");
  await writeFile(ppm, `P6 2 2 255\n${"x".repeat(12)}`);
  for (const foreign of [svg, ppm]) {
    expect(await scaler.scale({ ...job(), path: foreign })).toEqual({ kind: "undecodable" });
  }
  await scaler.close();
});

test("an image that takes for ever is given up, and the next is scaled all the same", async () => {
  const clock = new TestClock();
  const scaler = new ImageScaler({ clock });
  const stuck = scaler.scale(job());
  const next = scaler.scale(job());
  clock.advance(30_000);
  expect(await stuck).toEqual({ kind: "tooLarge" });
  expect(await next).toMatchObject({ kind: "image" });
  await scaler.close();
});

test("so many may wait, and one more is told to come again", async () => {
  const scaler = new ImageScaler({ clock: new TestClock() });
  const taken = Array.from({ length: 101 }, () => scaler.scale(job()));
  await expect(scaler.scale(job())).rejects.toMatchObject({ errcode: "M_LIMIT_EXCEEDED" });
  const outcomes = Promise.allSettled(taken);
  await scaler.close();
  expect((await outcomes).every((outcome) => outcome.status === "rejected")).toBe(true);
  await expect(scaler.scale(job())).rejects.toThrow("closed");
});
