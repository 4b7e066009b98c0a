import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, TestClock } from "@croft/runtime";
import { describe, expect, test } from "vitest";
import { hostPort, Listener } from "./listener.ts";

const hello = new Listener({ handle: (_, response) => response.end("hello"), clock: systemClock });

describe("a listener", () => {
  test("answers where it listens and nowhere once stopped", async () => {
    const at = await hello.start({ host: "127.0.0.1", port: 0 });
    const url = `http://${hostPort(at!)}`;
    expect(await (await fetch(url)).text()).toBe("hello");
    await hello.stop(1000);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("a port in use is an error of its own", async () => {
    const first = new Listener({ handle: () => {}, clock: systemClock });
    const at = await first.start({ host: "127.0.0.1", port: 0 });
    const second = new Listener({ handle: () => {}, clock: systemClock });
    await expect(second.start(at!)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.stop(0);
  });

  test("a local socket is its owner's alone, replaces a stale one and is removed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "croft-listener-"));
    const socketPath = join(folder, "croft.sock");
    await writeFile(socketPath, "stale");
    const listener = new Listener({ handle: (_, response) => response.end("local"), clock: systemClock });
    await listener.start({ socketPath });
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    const text = await new Promise((resolve) =>
      httpRequest({ socketPath, path: "/" }, (reply) => reply.on("data", (chunk) => resolve(String(chunk)))).end(),
    );
    expect(text).toBe("local");
    await listener.stop(1000);
    await expect(stat(socketPath)).rejects.toMatchObject({ code: "ENOENT" });
    await rm(folder, { recursive: true });
  });

  test("stopping lets an answer finish, and cuts what takes longer than allowed", async () => {
    const clock = new TestClock();
    const arrived = Promise.withResolvers<() => void>();
    const listener = new Listener({ handle: (_, response) => arrived.resolve(() => response.end("late")), clock });
    const at = await listener.start({ host: "127.0.0.1", port: 0 });
    const reply = fetch(`http://${hostPort(at!)}`);
    const answer = await arrived.promise;
    const stopped = listener.stop(5000);
    answer();
    expect(await (await reply).text()).toBe("late");
    clock.advance(5000);
    await stopped;
  });

  test("an expectation that nobody knows is ignored", async () => {
    const listener = new Listener({ handle: (_, response) => response.end("hello"), clock: systemClock });
    const at = await listener.start({ host: "127.0.0.1", port: 0 });
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest({ ...at, headers: { expect: "wonders" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject).end();
    });
    expect(status).toBe(200);
    await listener.stop(0);
  });

  test("what is not HTTP is answered with the text given", async () => {
    const malformed = { contentType: "application/json", body: '{"bad":true}' };
    const listener = new Listener({ handle: () => {}, clock: systemClock, malformed });
    const at = await listener.start({ host: "127.0.0.1", port: 0 });
    const send = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let reply = "";
        const socket = connect(at!.port, at!.host, () => socket.write(text));
        socket.on("data", (chunk) => {
          reply += chunk;
        });
        socket.on("close", () => resolve(reply));
      });
    expect(await send("\u0001\u0002 nonsense\r\n\r\n")).toMatch(/^HTTP\/1.1 400 .*\{"bad":true\}$/s);
    expect(await send(`GET /${"x".repeat(40_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    await listener.stop(0);
  });
});
