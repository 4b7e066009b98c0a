import { createReadStream } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { contentTypeOf } from "./content-types.ts";

export type StaticFilesDeps = {
  /** The folder; what its links point to outside of it is not served. */
  readonly root: string;
  /** Paths that are pages of their own, each answered with its file in `root`. */
  readonly pages: { readonly [path: string]: string };
  /** Files below this path have their content's hash in their name, so they never change. */
  readonly immutableBelow: string;
};

/** Pages load what is their own and nothing else, are framed by nobody and tell nobody where they were left from. */
const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** Serves the files of one folder. Resolves to false, having done nothing, where there is no such file. */
export function staticFiles({
  root,
  pages,
  immutableBelow,
}: StaticFilesDeps): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const path = pathOf(request.url ?? "/");
    const file = path && (await findFile(root, pages[path] ?? path.slice(1)));
    if (!path || !file) return false;
    const etag = `"${file.size.toString(36)}-${Math.trunc(file.mtimeMs).toString(36)}"`;
    const headers = {
      ...SECURITY_HEADERS,
      etag,
      "cache-control": path.startsWith(immutableBelow) ? "public, max-age=31536000, immutable" : "no-cache",
    };
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, headers).end();
      return true;
    }
    response.writeHead(200, { ...headers, "content-type": contentTypeOf(file.name), "content-length": file.size });
    if (request.method === "HEAD") response.end();
    else await pipeline(createReadStream(file.name), response).catch(() => response.destroy());
    return true;
  };
}

/** The decoded path, or undefined where it is broken or climbs. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split("?", 1)[0] ?? "/");
    const climbs = path.split(/[/\\]/).some((part) => part === ".." || part === "." || part.startsWith("."));
    return climbs || path.includes("\0") || !path.startsWith("/") ? undefined : path;
  } catch {
    return undefined;
  }
}

async function findFile(
  root: string,
  relative: string,
): Promise<{ name: string; size: number; mtimeMs: number } | undefined> {
  try {
    const name = await realpath(join(root, relative));
    if (!name.startsWith((await realpath(root)) + sep)) return undefined;
    const { size, mtimeMs, isFile } = await lstat(name).then((stat) => ({ ...stat, isFile: stat.isFile() }));
    return isFile ? { name, size, mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}
