import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { staticFiles } from "@croft/edge";
import type { Logger } from "@croft/runtime";

const WEB = fileURLToPath(new URL("../../web/", import.meta.url));
const BUILT = join(WEB, "dist");

/** What the pages are made of. */
const SOURCES = ["index.html", "package.json", "vite.config.ts", "public", "src"];

const BUILDING = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>Croft</title><p>Croft is getting its pages ready. This one reloads by itself.</p></html>`;

/** The pages people see, built where they are missing or older than their sources. */
export class WebPages {
  readonly #logger: Logger;
  #serve: ReturnType<typeof staticFiles> | undefined;
  #failure: string | undefined;
  #build: ChildProcess | undefined;
  #stopped = false;

  constructor({ logger }: { logger: Logger }) {
    this.#logger = logger;
  }

  /** Resolves when the pages are there or cannot be had. The server serves clients meanwhile. */
  async prepare(): Promise<void> {
    try {
      const folder = join(BUILT, await sourcesHash());
      if (!existsSync(folder)) await this.#buildInto(folder);
      this.#serve = staticFiles({
        root: folder,
        pages: { "/": "index.html", "/setup": "index.html" },
        immutableBelow: "/assets/",
      });
    } catch (error) {
      if (this.#stopped) return;
      this.#failure = (error as Error).message;
      this.#logger.error({ err: error }, "the web pages could not be built");
    }
  }

  handle(request: IncomingMessage, response: ServerResponse, otherwise: () => void): void {
    if (this.#serve) {
      void this.#serve(request, response).then((served) => served || otherwise());
    } else {
      const text = this.#failure === undefined ? BUILDING : "Croft's pages could not be built; its log says why.";
      response.writeHead(503, { "content-type": "text/html; charset=utf-8", "retry-after": "2" }).end(text);
    }
  }

  /** Ends a build that is still going on. */
  stop(): void {
    this.#stopped = true;
    this.#build?.kill();
  }

  /** Builds beside and moves into place, so that several servers of one tree do not see each other's halves. */
  async #buildInto(folder: string): Promise<void> {
    this.#logger.info({}, "building the web pages, this once");
    const beside = `${folder}.${process.pid}`;
    const vite = join(dirname(createRequire(join(WEB, "package.json")).resolve("vite/package.json")), "bin", "vite.js");
    const build = spawn(process.execPath, [vite, "build", "--outDir", beside, "--emptyOutDir", "--logLevel", "warn"], {
      cwd: WEB,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#build = build;
    let output = "";
    for (const stream of [build.stdout, build.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
    const code = await new Promise<number | null>((resolve, reject) => build.on("error", reject).on("close", resolve));
    this.#build = undefined;
    if (code !== 0) {
      await rm(beside, { recursive: true, force: true });
      throw new Error(`vite ended with ${code}: ${output.trim()}`);
    }
    await rename(beside, folder).catch(async (error: unknown) => {
      await rm(beside, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    });
    this.#logger.info({}, "the web pages are ready");
  }
}

/** Differs when anything that goes into the pages differs. */
async function sourcesHash(): Promise<string> {
  const hash = createHash("sha256");
  const addAll = async (path: string): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      const content = await readFile(path).catch(() => undefined);
      if (content) hash.update(`${path.slice(WEB.length)}\0${content.length}\0`).update(content);
      return;
    }
    for (const name of entries.map((entry) => entry.name).sort()) await addAll(join(path, name));
  };
  for (const source of SOURCES) await addAll(join(WEB, source));
  return hash.digest("hex").slice(0, 16);
}
