import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { staticFiles } from "./static-files.ts";

let folder: string;
let url: string;
const server = createServer((request, response) => {
  void serve(request, response).then((served) => served || response.writeHead(404).end("not found"));
});
let serve: ReturnType<typeof staticFiles>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "croft-static-"));
  const root = join(folder, "root");
  await mkdir(join(root, "assets"), { recursive: true });
  await writeFile(join(root, "index.html"), "<h1>hello</h1>");
  await writeFile(join(root, "assets", "app-1a2b.js"), "1");
  await writeFile(join(root, ".hidden"), "hidden");
  await writeFile(join(folder, "secret.txt"), "secret");
  await symlink(join(folder, "secret.txt"), join(root, "link.txt"));
  serve = staticFiles({ root, pages: { "/": "index.html", "/setup": "index.html" }, immutableBelow: "/assets/" });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** Sends the path as it stands: fetch would tidy it up. */
const get = (path: string, method = "GET"): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    httpRequest({ host: "127.0.0.1", port, path, method }, (reply) => {
      let text = "";
      reply.on("data", (chunk) => {
        text += chunk;
      });
      reply.on("end", () => resolve({ status: reply.statusCode, text }));
    })
      .on("error", reject)
      .end();
  });

describe("static files", () => {
  test("pages and files come with their type; a page may frame and load nothing foreign", async () => {
    const page = await fetch(`${url}/setup?x=1`);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await page.text()).toBe("<h1>hello</h1>");
  });

  test("a page is asked for again each time, a file named by its hash never", async () => {
    const page = await fetch(`${url}/`);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const etag = page.headers.get("etag") ?? "";
    expect((await fetch(`${url}/`, { headers: { "if-none-match": etag } })).status).toBe(304);
    const asset = await fetch(`${url}/assets/app-1a2b.js`);
    expect(asset.headers.get("cache-control")).toContain("immutable");
  });

  test.each([
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "//secret.txt",
    "/link.txt",
    "/.hidden",
    "/assets",
    "/%00",
    "/%ff",
    "/index.html/",
  ])("%s is not served", async (path) => {
    expect(await get(path)).toEqual({ status: 404, text: "not found" });
  });

  test("HEAD has no body, and nothing can be posted", async () => {
    expect(await get("/", "HEAD")).toEqual({ status: 200, text: "" });
    expect((await get("/", "POST")).status).toBe(404);
  });
});
