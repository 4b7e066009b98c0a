import { connect, type Socket } from "node:net";
import { endpoint } from "@croft/api";
import { TestClock } from "@croft/runtime";
import { type ServedRoutes, serveRoutes } from "@croft/testkit";
import { Type } from "typebox";
import { describe, expect, test, vi } from "vitest";
import { route } from "./index.ts";

const post = endpoint({
  rateLimited: false,
  auth: "none",
  operationId: "post",
  method: "POST",
  path: "/post",
  body: Type.Object({ name: Type.Optional(Type.String()) }),
});
const routes = [route(post, async () => ({}))];
/** More than a caller who is not known may send. */
const TOO_MUCH = 6 * 1024 * 1024;

const headOf = (headers: Record<string, string | number>): string =>
  ["POST /post HTTP/1.1", "host: x", ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
    .map((line) => `${line}\r\n`)
    .join("");

/** What comes back for these bytes until the other side closes the line; an error of the line is one of the test. */
function untilClosed({ url }: ServedRoutes, text: string, onReply: (socket: Socket) => unknown): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.once("data", () => onReply(socket));
    socket.on("data", (chunk) => {
      reply += chunk;
    });
    socket.on("close", () => resolve(reply));
    socket.on("error", reject);
  });
}

describe("an answer to a body that has not wholly come", () => {
  test.each(["close", "keep-alive"])("reaches its caller, then the line is cut: connection %s", async (connection) => {
    const clock = new TestClock();
    await using served = await serveRoutes(routes, { clock });
    const head = headOf({ connection, "content-length": TOO_MUCH });
    const reply = await untilClosed(served, `${head}\r\n{`, () => clock.advance(11_000));
    expect(reply).toMatch(/^HTTP\/1\.1 413 /);
    expect(reply).toContain("M_TOO_LARGE");
    await vi.waitFor(() => expect(served.handler.inFlight).toBe(0));
  });

  test("reaches a caller who wants the line closed while the rest is still being sent", async () => {
    await using served = await serveRoutes(routes);
    const half = "x".repeat(TOO_MUCH / 2);
    const head = headOf({ connection: "close", "content-length": TOO_MUCH });
    const reply = await untilClosed(served, `${head}\r\n${half}`, (socket) => socket.write(half));
    expect(reply).toContain("M_TOO_LARGE");
    expect(reply.toLowerCase()).toContain("\r\nconnection: close\r\n");
  });
});

test.each([
  ["a small body", 2],
  ["a large one", 60_000],
  ["one that is too large", TOO_MUCH],
])(
  "a request that asks for another protocol, with %s, is answered in this one and closes the line",
  async (_, size) => {
    await using served = await serveRoutes(routes);
    const head = headOf({ connection: "Upgrade", upgrade: "h2c", "content-length": size });
    const reply = await untilClosed(served, `${head}\r\n{${" ".repeat(size - 2)}}`, () => {});
    expect(reply).toMatch(/^HTTP\/1\.1 (200|413) /);
    expect(reply.toLowerCase()).toContain("\r\nconnection: close\r\n");
  },
);
