import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { endpoint } from "@croft/api";
import { forbidden, MatrixError, type UserId } from "@croft/protocol";
import { silentLogger, TestClock } from "@croft/runtime";
import { serveRoutes } from "@croft/testkit";
import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { defaultRates, InteractiveAuthRequired, RateLimiter, RawReply, type Requester, route } from "./index.ts";

const alice: Requester = {
  userId: "@alice:here" as UserId,
  deviceId: "PHONE" as Requester["deviceId"],
  isAdmin: false,
  isGuest: false,
  tokenId: 1,
};
const authenticate = async (token: string): Promise<Requester> => {
  if (token === "good") return alice;
  throw new MatrixError("M_UNKNOWN_TOKEN", "Unknown access token", { soft_logout: true });
};

const base = { rateLimited: false, auth: "none" } as const;
const get = (path: string) => endpoint({ ...base, operationId: path, method: "GET", path });
const post = endpoint({
  ...base,
  operationId: "post",
  method: "POST",
  path: "/_matrix/client/v3/post",
  body: Type.Object({
    name: Type.Optional(Type.String()),
    deep: Type.Optional(Type.Object({ list: Type.Array(Type.Integer()) })),
    kind: Type.Optional(Type.Enum(["one", "two"])),
  }),
});
const echo = route(post, async ({ body, bodyText }) => ({ body, bodyText }));

describe("finding an endpoint", () => {
  const routes = [
    route(get("/_matrix/client/v3/thing/:id"), async ({ rawPath, path }) => ({ rawPath, path })),
    route(get("/_matrix/client/unstable/org.example/thing"), async () => ({ unstable: true })),
  ];

  test("an unknown path is 404 and a wrong method 405, both M_UNRECOGNIZED", async () => {
    await using served = await serveRoutes(routes);
    expect(await served.send("GET", "/_matrix/client/v3/nothing")).toMatchObject({
      status: 404,
      json: { errcode: "M_UNRECOGNIZED" },
    });
    const wrong = await served.send("PUT", "/_matrix/client/v3/thing/1");
    expect(wrong).toMatchObject({ status: 405, json: { errcode: "M_UNRECOGNIZED" } });
    expect(wrong.headers.get("allow")).toBe("GET");
  });

  test("r0 and undeclared unstable paths mean v3", async () => {
    await using served = await serveRoutes(routes);
    for (const version of ["r0", "v3", "unstable"]) {
      const reply = await served.send("GET", `/_matrix/client/${version}/thing/%41`);
      expect(reply.json).toEqual({
        rawPath: `/_matrix/client/${version}/thing/%41`,
        path: "/_matrix/client/v3/thing/:id",
      });
    }
    expect((await served.send("GET", "/_matrix/client/unstable/org.example/thing")).json).toEqual({ unstable: true });
  });

  test("HEAD of a GET has its headers and no body", async () => {
    await using served = await serveRoutes(routes);
    const reply = await served.send("HEAD", "/_matrix/client/v3/thing/1");
    expect(reply.status).toBe(200);
    expect(Number(reply.headers.get("content-length"))).toBeGreaterThan(0);
    expect(reply.text).toBe("");
  });

  test("every reply lets browsers in, and a preflight needs no token", async () => {
    await using served = await serveRoutes(routes);
    for (const [method, path] of [
      ["OPTIONS", "/_matrix/client/v3/anything"],
      ["GET", "/_matrix/client/v3/thing/1"],
      ["GET", "/_matrix/client/v3/nothing"],
    ] as const) {
      const { headers, status } = await served.send(method, path);
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-allow-headers")).toContain("Authorization");
      expect(headers.get("access-control-allow-methods")).toContain("PUT");
      if (method === "OPTIONS") expect(status).toBe(204);
    }
  });
});

describe("a request body", () => {
  test.each([
    ["not JSON", "{nope", 400, "M_NOT_JSON"],
    ["cut off", '{"name":"x"', 400, "M_NOT_JSON"],
    ["broken UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, "M_NOT_JSON"],
    ["a byte order mark", `\u{feff}{}`, 400, "M_NOT_JSON"],
    ["an array", "[]", 400, "M_BAD_JSON"],
    ["null", "null", 400, "M_BAD_JSON"],
    ["a string", '"x"', 400, "M_BAD_JSON"],
    ["nested too deep", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, 400, "M_BAD_JSON"],
    ["a lone surrogate", '{"name":"\\ud800"}', 400, "M_BAD_JSON"],
    ["__proto__", '{"a":{"__proto__":{"x":1}}}', 400, "M_BAD_JSON"],
    ["__proto__ in disguise", '{"\\u005f_proto__":{"x":1}}', 400, "M_BAD_JSON"],
    ["too large", `{"name":"${"x".repeat(3 * 1024 * 1024)}"}`, 413, "M_TOO_LARGE"],
  ])("that is %s is refused", async (_, body, status, errcode) => {
    await using served = await serveRoutes([echo]);
    expect(await served.send("POST", "/_matrix/client/v3/post", { body })).toMatchObject({ status, json: { errcode } });
  });

  test("that breaks its schema is refused by the name of the field", async () => {
    await using served = await serveRoutes([
      echo,
      route(
        endpoint({ ...base, operationId: "r", method: "PUT", path: "/r", body: Type.Object({ need: Type.String() }) }),
        async () => ({}),
      ),
    ]);
    const error = async (method: string, path: string, body: object) =>
      (await served.send(method, path, { body })).json;
    expect(await error("POST", "/_matrix/client/v3/post", { name: 1 })).toMatchObject({
      errcode: "M_BAD_JSON",
      error: "name in the body must be string",
    });
    expect(await error("POST", "/_matrix/client/v3/post", { deep: { list: [1, "x"] } })).toMatchObject({
      error: "deep.list.1 in the body must be integer",
    });
    expect(await error("POST", "/_matrix/client/v3/post", { kind: "three" })).toMatchObject({
      error: "kind in the body must be equal to one of the allowed values: one, two",
    });
    expect(await error("PUT", "/r", { other: 1 })).toMatchObject({
      errcode: "M_MISSING_PARAM",
      error: "need is missing in the body",
    });
  });

  test("may be left out of a POST, not of a PUT", async () => {
    await using served = await serveRoutes([
      echo,
      route(
        endpoint({ ...base, operationId: "p", method: "PUT", path: "/p", body: Type.Object({}) }),
        async () => ({}),
      ),
    ]);
    expect(await served.send("POST", "/_matrix/client/v3/post")).toMatchObject({ status: 200, json: { bodyText: "" } });
    expect(await served.send("PUT", "/p")).toMatchObject({ status: 400, json: { errcode: "M_NOT_JSON" } });
  });

  test("is taken at the letter: unknown keys and the spelling of numbers stay", async () => {
    await using served = await serveRoutes([echo]);
    const body = '{"x.y":1.0e2,"name":"ü\\u00fc"}';
    expect((await served.send("POST", "/_matrix/client/v3/post", { body })).json).toEqual({
      body: { "x.y": 100, name: "üü" },
      bodyText: body,
    });
  });

  test("of a caller nobody knows is at most 64 KiB", async () => {
    const { auth: _, ...open } = post;
    const known = route(endpoint({ ...open, auth: "accessToken", path: "/known" }), async () => ({}));
    await using served = await serveRoutes([echo, known], { authenticate });
    const body = `{"name":"${"x".repeat(64 * 1024)}"}`;
    const refused = { status: 413, json: { errcode: "M_TOO_LARGE" } };
    expect(await served.send("POST", "/_matrix/client/v3/post", { body })).toMatchObject(refused);
    expect(await served.send("POST", "/known", { body, token: "good" })).toMatchObject({ status: 200 });
  });

  test("that is large and breaks its schema is refused without a search for the field", async () => {
    const { auth: _, ...open } = post;
    const known = route(endpoint({ ...open, auth: "accessToken", path: "/known" }), async () => ({}));
    await using served = await serveRoutes([known], { authenticate });
    const body = { deep: { list: Array.from({ length: 100_000 }, () => "x") } };
    expect(await served.send("POST", "/known", { body, token: "good" })).toMatchObject({
      status: 400,
      json: { errcode: "M_BAD_JSON", error: "The request body is not as the endpoint declares it" },
    });
  });

  test("with a content encoding is refused", async () => {
    await using served = await serveRoutes([echo]);
    const headers = { "content-encoding": "gzip" };
    const reply = await served.send("POST", "/_matrix/client/v3/post", { body: "{}", headers });
    expect(reply).toMatchObject({ status: 415, json: { error: "Content-Encoding gzip is not supported" } });
  });

  test("that does not arrive in time is given up", async () => {
    const clock = new TestClock();
    await using served = await serveRoutes([echo], { clock });
    const reply = await raw(
      served.url,
      "POST /_matrix/client/v3/post HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
      {
        onSent: () => untilTrue(() => served.handler.inFlight === 1).then(() => clock.advance(31_000)),
      },
    );
    expect(reply).toContain("408");
  });

  test("that is large is refused for now where its caller has 32 MB of others under way", async () => {
    const { auth: _, ...open } = post;
    const large = { ...open, auth: "accessToken", path: "/large", maxBodyBytes: 40 * 1024 * 1024 } as const;
    const bob: Requester = { ...alice, userId: "@bob:here" as UserId };
    await using served = await serveRoutes([route(endpoint(large), async () => ({}))], {
      authenticate: async (token) => (token === "bob" ? bob : authenticate(token)),
    });
    const body = `{"name":"${"x".repeat(3 * 1024 * 1024)}"}`;
    const send = async (token: string) => (await served.send("POST", "/large", { body, token })).status;
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /large HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\ncontent-length: ${30 * 1024 * 1024}`;
    socket.write(`${head}\r\n\r\n{`);
    await untilTrue(() => served.handler.inFlight === 1);
    expect([await send("good"), await send("bob")]).toEqual([429, 200]);
    socket.destroy();
    await untilTrue(() => served.handler.inFlight === 0);
    expect([await send("good"), await send("good")]).toEqual([200, 200]);
  });
});

describe("a query", () => {
  const query = endpoint({
    ...base,
    operationId: "q",
    method: "GET",
    path: "/q",
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      full: Type.Optional(Type.Boolean()),
      via: Type.Optional(Type.Array(Type.String())),
      from: Type.Optional(Type.String()),
    }),
  });
  const routes = [
    route(query, async (args) => args.query),
    route(
      endpoint({ ...base, operationId: "n", method: "GET", path: "/n", query: Type.Object({ ts: Type.Integer() }) }),
      async ({ query }) => query,
    ),
  ];

  test("gives numbers, booleans and lists as the schema says", async () => {
    await using served = await serveRoutes(routes);
    const { json } = await served.send("GET", "/q?limit=5&full=true&via=a&via=b%20c&from=7&other=x&from=8");
    expect(json).toEqual({ limit: 5, full: true, via: ["a", "b c"], from: "7" });
  });

  test.each([
    ["/q?limit=five", "M_INVALID_PARAM", "limit in the query must be integer"],
    ["/q?limit=-1", "M_INVALID_PARAM", "limit in the query must be >= 0"],
    ["/q?full=yes", "M_INVALID_PARAM", "full in the query must be boolean"],
    ["/q?from=%ff", "M_INVALID_PARAM", "The query is not valid percent-encoded UTF-8"],
    ["/n", "M_MISSING_PARAM", "ts is missing in the query"],
  ])("%s is refused", async (path, errcode, error) => {
    await using served = await serveRoutes(routes);
    expect(await served.send("GET", path)).toMatchObject({ status: 400, json: { errcode, error } });
  });
});

describe("an access token", () => {
  const whoami = endpoint({ ...base, auth: "accessToken", operationId: "w", method: "GET", path: "/whoami" });
  const routes = [
    route(whoami, async ({ requester }) => ({ user: requester.userId })),
    route(endpoint({ ...whoami, auth: "optionalAccessToken", path: "/maybe" }), async ({ requester }) => ({
      user: requester?.userId ?? null,
    })),
  ];

  test("comes in the header or, deprecated, in the query", async () => {
    await using served = await serveRoutes(routes, { authenticate });
    expect((await served.send("GET", "/whoami", { token: "good" })).json).toEqual({ user: "@alice:here" });
    expect((await served.send("GET", "/whoami?access_token=good")).json).toEqual({ user: "@alice:here" });
    await using strict = await serveRoutes(routes, { authenticate, accessTokenInQuery: false });
    expect((await strict.send("GET", "/whoami?access_token=good")).json).toMatchObject({ errcode: "M_MISSING_TOKEN" });
  });

  test("that is missing or unknown is 401", async () => {
    await using served = await serveRoutes(routes, { authenticate });
    expect(await served.send("GET", "/whoami")).toMatchObject({ status: 401, json: { errcode: "M_MISSING_TOKEN" } });
    expect(await served.send("GET", "/whoami", { token: "bad" })).toMatchObject({
      status: 401,
      json: { errcode: "M_UNKNOWN_TOKEN", soft_logout: true },
    });
  });

  test("may be left out where it is optional, but not be wrong", async () => {
    await using served = await serveRoutes(routes, { authenticate });
    expect((await served.send("GET", "/maybe")).json).toEqual({ user: null });
    expect((await served.send("GET", "/maybe", { token: "good" })).json).toEqual({ user: "@alice:here" });
    expect((await served.send("GET", "/maybe", { token: "bad" })).status).toBe(401);
  });
});

describe("a failure", () => {
  const failing = (error: unknown) => [
    route(get("/fail"), async () => {
      throw error;
    }),
  ];

  test("of the protocol leaves with its code, fields and retry hint", async () => {
    await using served = await serveRoutes(failing(forbidden("No entry")));
    expect(await served.send("GET", "/fail")).toMatchObject({
      status: 403,
      json: { errcode: "M_FORBIDDEN", error: "No entry" },
    });
  });

  test("of ours leaves as M_UNKNOWN, without its text, and is logged with the request's id", async () => {
    const logged: object[] = [];
    const logger = { ...silentLogger, debug: () => {}, error: (fields: object) => void logged.push(fields) };
    await using served = await serveRoutes(failing(new Error("secret detail")), { logger });
    const reply = await served.send("GET", "/fail");
    expect(reply).toMatchObject({ status: 500, json: { errcode: "M_UNKNOWN", error: "Internal server error" } });
    expect(logged).toMatchObject([{ requestId: reply.headers.get("x-request-id"), operationId: "/fail" }]);
  });

  test("that a lower part explains leaves as that part says", async () => {
    const refusalFor = () => new MatrixError("M_UNKNOWN", "The disk is full", { status: 503 });
    await using served = await serveRoutes(failing(new Error("x")), { refusalFor });
    expect(await served.send("GET", "/fail")).toMatchObject({ status: 503, json: { error: "The disk is full" } });
  });

  test("for want of interactive authentication is 401 with its stages", async () => {
    await using served = await serveRoutes(failing(new InteractiveAuthRequired({ session: "s", flows: [] })));
    expect(await served.send("GET", "/fail")).toMatchObject({ status: 401, json: { session: "s", flows: [] } });
  });

  test("by too many requests says when to come back, per user", async () => {
    const clock = new TestClock();
    const rates = { ...defaultRates, general: { perSecond: 0.5, burst: 1 } };
    const rateLimiter = new RateLimiter({ clock, rates });
    const limited = { ...get("/limited"), rateLimited: "general", auth: "optionalAccessToken" } as const;
    await using served = await serveRoutes([route(limited, async () => ({}))], { rateLimiter, authenticate });
    expect((await served.send("GET", "/limited")).status).toBe(200);
    expect((await served.send("GET", "/limited", { token: "good" })).status).toBe(200);
    const refused = await served.send("GET", "/limited");
    expect(refused).toMatchObject({ status: 429, json: { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 2000 } });
    expect(refused.headers.get("retry-after")).toBe("2");
  });
});

describe("a reply", () => {
  test("may be ready text, bytes, a stream, nothing, with any status and headers", async () => {
    const replies = {
      "/bytes": new RawReply({ status: 201, headers: { "content-type": "image/png" }, body: new Uint8Array([1, 2]) }),
      "/empty": new RawReply({ status: 302, headers: { location: "/x" } }),
    };
    const stream = () => new RawReply({ headers: { "content-type": "text/plain" }, body: Readable.from(["a", "b"]) });
    await using served = await serveRoutes([
      ...Object.entries(replies).map(([path, reply]) => route(get(path), async () => reply)),
      route(get("/stream"), async () => stream()),
    ]);
    expect(await served.send("GET", "/bytes")).toMatchObject({ status: 201, text: "\u0001\u0002" });
    expect((await served.send("GET", "/stream")).text).toBe("ab");
    expect((await served.send("HEAD", "/stream")).text).toBe("");
    const empty = await fetch(`${served.url}/empty`, { redirect: "manual" });
    expect([empty.status, empty.headers.get("location")]).toEqual([302, "/x"]);
  });

  test("whose stream breaks is cut off, not ended as if it were whole", async () => {
    const broken = Readable.from(
      (async function* () {
        yield "start";
        throw new Error("disk gone");
      })(),
    );
    await using served = await serveRoutes([route(get("/broken"), async () => new RawReply({ body: broken }))]);
    await expect(served.send("GET", "/broken")).rejects.toThrow();
  });
});

test("a request whose caller has left before it is handed over is not waited for", async () => {
  await using served = await serveRoutes([route(get("/thing"), async () => ({}))]);
  const { handler } = served;
  let handedOver = false;
  const server = createServer((request, response) => {
    response.on("close", () => {
      handler.handle(request, response);
      handedOver = true;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  connect((server.address() as AddressInfo).port, "127.0.0.1").end("GET /thing HTTP/1.1\r\nhost: x\r\n\r\n");
  await untilTrue(() => handedOver);
  await handler.drain();
  await new Promise((resolve) => server.close(resolve));
});

test("a few requests may follow each other on a line unanswered; one with a great many is cut", async () => {
  let asked = 0;
  const wait = route(get("/wait"), async ({ signal }) => {
    asked++;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return {};
  });
  await using served = await serveRoutes([wait, route(get("/now"), async () => ({}))]);
  const many = (path: string, count: number) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(count);
  const last = "GET /now HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
  const replies = await raw(served.url, many("/now", 20) + last, {});
  expect(replies.match(/HTTP\/1.1 200 OK/g)).toHaveLength(21);
  expect(await raw(served.url, many("/wait", 1000), {}).catch(() => "")).toBe("");
  expect(asked).toBeLessThan(100);
  await untilTrue(() => served.handler.inFlight === 0);
});

describe("draining", () => {
  test("ends waiting requests through their signal and waits for the rest", async () => {
    const waiting = route(get("/wait"), ({ signal }) => {
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve({ woken: true })));
    });
    await using served = await serveRoutes([waiting]);
    const reply = served.send("GET", "/wait");
    await untilTrue(() => served.handler.inFlight === 1);
    await served.handler.drain();
    expect(served.handler.inFlight).toBe(0);
    expect(await reply).toMatchObject({ status: 200, json: { woken: true } });
    expect((await reply).headers.get("connection")).toBe("close");
  });

  test("a caller that hangs up aborts its request", async () => {
    let aborted = false;
    const waiting = route(get("/wait"), ({ signal }) => {
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => {
          aborted = true;
          resolve({});
        }),
      );
    });
    await using served = await serveRoutes([waiting]);
    const controller = new AbortController();
    const reply = fetch(`${served.url}/wait`, { signal: controller.signal });
    await untilTrue(() => served.handler.inFlight === 1);
    controller.abort();
    await expect(reply).rejects.toThrow();
    await untilTrue(() => aborted && served.handler.inFlight === 0);
  });
});

test("what was answered is told for metrics", async () => {
  const told: object[] = [];
  await using served = await serveRoutes([echo], { onAnswered: (answered) => told.push(answered) });
  await served.send("POST", "/_matrix/client/v3/post", { body: {} });
  await served.send("GET", "/nowhere");
  await untilTrue(() => told.length === 2);
  expect(told).toMatchObject([
    { method: "POST", operationId: "post", status: 200 },
    { method: "GET", operationId: undefined, status: 404 },
  ]);
});

/** Turns the event loop until `condition` holds; the test's own timeout is the limit. */
async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Sends bytes as they are and gives all that came back until the line was closed or an answer was complete. */
function raw(url: string, text: string, { onSent }: { onSent?: () => unknown }): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect(Number(port), hostname, () => {
      socket.write(text);
      onSent?.();
    });
    socket.on("data", (chunk) => {
      reply += chunk;
      if (reply.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(reply));
    socket.on("error", reject);
  });
}
