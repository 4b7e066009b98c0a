import { type ChildProcess, execFile, spawn } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CroftProcess, freePort, startCroft, until } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const LAUNCHER = fileURLToPath(new URL("../bin/croft.mjs", import.meta.url));
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "croft-command-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Ended = { readonly code: number; readonly out: string; readonly err: string };

const croft = (args: string[], { input }: { input?: string } = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [LAUNCHER, ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end(input);
  });

const exited = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once("exit", resolve));

describe("the croft command", () => {
  test("prints its version and its help", async () => {
    expect(await croft(["version"])).toMatchObject({ code: 0, out: expect.stringMatching(/^croft \d+\.\d+\.\d+ /) });
    expect(await croft(["help"])).toMatchObject({ code: 0, out: expect.stringContaining("croft user add NAME") });
  });

  test.each([
    [["strat"], 'There is no command "strat"; did you mean "start"?'],
    [["start", "--listn", "x"], 'There is no flag "--listn"; did you mean "--listen"?'],
    [["start", "--data"], "--data needs a value"],
    [["start", "now"], 'croft start takes no "now"'],
    [["constructor"], 'There is no command "constructor"'],
    [["user", "add"], "croft user add takes one name"],
    [["user", "add", "@alice:elsewhere.example", "--password-stdin"], "is not a user of localhost"],
    [["token", "add", "a", "b"], "croft token add takes at most one name"],
    [["token", "add", "--uses", "0"], '--uses must be a whole number from 1 to 1000000000, not "0"'],
    [["token", "add", "--days", "soon"], '--days must be a whole number from 1 to 36500, not "soon"'],
    [["token", "add", "a b", "--data", "refused"], "A registration token is made of 1 to 64 letters, digits"],
    [["token", "remove"], "croft token remove takes one name"],
    [["token"], 'There is no command "token"; there are "token add", "token list", "token remove".'],
    [["user", "ad"], 'There is no command "user ad"; did you mean "user add"?'],
    [["start", "--listen", "nowhere"], "--listen: listen must be an address and a port"],
  ])("%j ends with exit code 2 and one sentence", async (args, sentence) => {
    const { code, err } = await croft(args);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });

  test("says in one sentence why it cannot start", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { code, err } = await croft(["start", "--data", "taken", "--listen", `127.0.0.1:${port}`]);
    expect(err).toContain(`Croft cannot listen on 127.0.0.1:${port}: the port is in use by another program.`);
    expect(err).not.toContain("    at ");
    expect(code).toBe(1);
    taken.close();
    await writeFile(join(folder, "file"), "");
    expect(await croft(["start", "--data", "file"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("cannot be written: "),
    });
  });
});

describe("a running server", { timeout: 20_000 }, () => {
  test("keeps a second one out, takes users in, is found ready, and ends on SIGTERM with 0", async () => {
    const data = join(folder, "running");
    await using server = await startCroft({ data }).then((started) => ({
      ...started,
      [Symbol.asyncDispose]: () => started.kill().catch(() => {}),
    }));
    expect(server.output()).toMatch(new RegExp(`^${server.url}/setup#[\\w-]{20,}$`, "m"));
    expect((await stat(data)).mode & 0o077).toBe(0);

    const second = await croft(["start", "--data", data, "--listen", `127.0.0.1:${await freePort()}`]);
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining(`(process ${server.process.pid})`) });

    const added = await croft(["user", "add", "alice", "--admin", "--password-stdin", "--data", data], {
      input: "a good password\n",
    });
    expect(added).toMatchObject({ code: 0, out: "Made @alice:localhost\n" });
    const again = await croft(["user", "add", "Alice", "--password-stdin", "--data", data], { input: "x" });
    expect(again).toMatchObject({ code: 1, err: "This user name is taken.\n" });
    const login = await fetch(`${server.url}/_matrix/client/v3/login`, {
      method: "POST",
      body: JSON.stringify({
        type: "m.login.password",
        identifier: { type: "m.id.user", user: "alice" },
        password: "a good password",
      }),
    });
    expect(login.status).toBe(200);

    expect(await croft(["check", "--data", data])).toMatchObject({
      code: 0,
      out: expect.stringContaining("A server runs on this data and is ready."),
    });
    expect(await croft(["check", "--data", data, "--server-name", "other.example"])).toMatchObject({
      code: 1,
      err: "A server runs on this data, but its name is localhost.\n",
    });
    expect(await server.stop()).toBe(0);
  });

  test("leaves data that takes users without it, and refuses another server's name", async () => {
    const data = join(folder, "stopped");
    const added = await croft(["user", "add", "bob", "--password-stdin", "--data", data], { input: "pass" });
    expect(added).toMatchObject({ code: 0, out: "Made @bob:localhost\n" });
    const other = await croft(["start", "--data", data, "--server-name", "other.example"]);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining("belongs to the server localhost") });
    expect(other.err).not.toContain("    at ");
  });

  test("keeps what it writes for its owner alone, in a folder that others may look into too", async () => {
    const data = join(folder, "shared");
    await mkdir(data, { mode: 0o755 });
    await using server = await startCroft({ data }).then((started) => ({
      ...started,
      [Symbol.asyncDispose]: () => started.kill().catch(() => {}),
    }));
    const made = await readdir(data, { recursive: true });
    expect(made).toEqual(expect.arrayContaining(["croft.db", "croft.sock", "media"]));
    const modes = await Promise.all(made.map(async (name) => (await lstat(join(data, name))).mode & 0o077));
    expect(made.filter((_, index) => modes[index] !== 0)).toEqual([]);
    expect(await server.stop()).toBe(0);
  });

  test("makes registration tokens, each name once, and shows how often they were used", async () => {
    const data = join(folder, "tokens");
    const server = await startCroft({ data });
    const add = ["token", "add", "party", "--uses", "3", "--data", data];
    expect(await croft(add)).toMatchObject({ code: 0, out: "party\n" });
    expect(await croft(add)).toMatchObject({ code: 1, err: "There is such a registration token already.\n" });
    expect(await croft(["token", "list", "--data", data])).toMatchObject({
      code: 0,
      out: "party  used 0 of 3 times\n",
    });
    await server.stop();
  });

  test("leaves data that registration tokens are added to and taken from without it", async () => {
    const token = (verb: string, ...words: string[]) => croft(["token", verb, ...words, "--data", "tokens-stopped"]);
    const { code, out } = await token("add", "--days", "2");
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^[0-9a-f]{24}\n$/) });
    const made = out.trim();
    const line = expect.stringMatching(/^[0-9a-f]{24} {2}used 0 times, until \d{4}-\d\d-\d\dT\d\d:\d\dZ\n$/);
    expect(await token("list")).toMatchObject({ code: 0, out: line });
    expect(await token("remove", made)).toMatchObject({ code: 0, out: `Removed ${made}\n` });
    expect(await token("remove", made)).toMatchObject({ code: 1, err: "There is no such registration token.\n" });
    expect(await token("list")).toEqual({ code: 0, out: "", err: "There is no registration token.\n" });
  });

  test("prints no setup link once there is an account, and a new one at each start before", async () => {
    const data = join(folder, "links");
    const link = /\/setup#(\S+)/;
    const printed = (server: CroftProcess) => until("the setup link", () => link.exec(server.output())?.[1]);
    const first = await startCroft({ data });
    const firstToken = await printed(first);
    await first.stop();
    const second = await startCroft({ data });
    const secondToken = await printed(second);
    expect(secondToken).not.toBe(firstToken);
    const complete = (token: string | undefined) =>
      fetch(`${second.url}/_croft/client/v1/setup`, {
        method: "POST",
        body: JSON.stringify({ token, localpart: "first", password: "long enough" }),
      });
    expect((await complete(firstToken)).status).toBe(403);
    expect((await complete(secondToken)).status).toBe(200);
    expect((await complete(secondToken)).status).toBe(403);
    await second.stop();
    const third = await startCroft({ data });
    expect(third.output()).not.toMatch(link);
    await third.stop();
  });

  test("is not kept from ending by a caller who never finishes a request", async () => {
    const server = await startCroft({ data: join(folder, "drain") });
    const body = new ReadableStream({
      start: (controller) => void controller.enqueue(new TextEncoder().encode('{"type":')),
    });
    const waiting = fetch(`${server.url}/_matrix/client/v3/login`, { method: "POST", body, duplex: "half" } as object);
    const ended = waiting.then(
      () => "answered",
      () => "cut",
    );
    expect(await server.stop()).toBe(0);
    expect(await ended).toBe("cut");
  });
});

describe("the launcher", () => {
  test("ends the server when it dies itself, even by SIGKILL", async () => {
    // Stands in for a launcher under an older Node: the channel is what ties the two together.
    const port = await freePort();
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, [${JSON.stringify(MAIN)}, "start", "--data", "orphan", "--listen", "127.0.0.1:${port}"],
        { stdio: ["ignore", "ignore", "ignore", "ipc"] });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const launcher = spawn(process.execPath, ["-e", script], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => launcher.stdout.once("data", resolve));
    const url = `http://127.0.0.1:${port}/livez`;
    while (!(await answers(url))) await new Promise((resolve) => setImmediate(resolve));
    launcher.kill("SIGKILL");
    await exited(launcher);
    while (await answers(url)) await new Promise((resolve) => setImmediate(resolve));
    expect(await answers(url)).toBe(false);
  });
});

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    (reply) => reply.ok,
    () => false,
  );
