import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom, silentLogger, TestClock } from "@croft/runtime";
import { openTestStorage, serveRoutes } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHomeserver, type Homeserver } from "./compose.ts";
import { healthRoutes } from "./health/routes.ts";
import { OtherServersData, serverSigningKey } from "./server-identity.ts";

const clock = new TestClock();
let opened: Awaited<ReturnType<typeof openTestStorage>>;
let homeserver: Homeserver;
let url: string;
let mediaFolder: string;
const server = createServer((request, response) => homeserver.requests.handle(request, response));

const create = (serverName: string) =>
  createHomeserver({
    settings: {
      serverName,
      publicBaseUrl: `https://${serverName}/`,
      registration: { mode: "closed", sharedSecret: undefined },
      rateLimitsEnabled: true,
      maxUploadBytes: 1000,
      mediaFolder,
      trustedProxies: [],
    },
    storage: opened.storage,
    clock,
    random: seededRandom("homeserver"),
    logger: silentLogger,
    version: "1.2.3",
  });

beforeAll(async () => {
  mediaFolder = await mkdtemp(join(tmpdir(), "croft-homeserver-"));
  opened = await openTestStorage({ clock });
  homeserver = await create("here.example");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await homeserver.stop();
  await opened.close();
  await rm(mediaFolder, { recursive: true });
});

const get = async (path: string): Promise<unknown> => (await fetch(url + path)).json();

describe("a homeserver", () => {
  test("says which versions it speaks, where it is, and what it can", async () => {
    expect(await get("/_matrix/client/versions")).toMatchObject({ versions: expect.arrayContaining(["v1.11"]) });
    expect(await get("/.well-known/matrix/client")).toEqual({ "m.homeserver": { base_url: "https://here.example/" } });
    expect(await get("/_croft/client/v1/server")).toEqual({
      server_name: "here.example",
      base_url: "https://here.example/",
      version: "1.2.3",
      registration: "closed",
    });
    expect(await get("/_matrix/client/v3/capabilities")).toMatchObject({ errcode: "M_MISSING_TOKEN" });
  });

  test("takes no orders meant for its own machine from the network", async () => {
    const body = JSON.stringify({ localpart: "eve", password: "eve's password", admin: true });
    expect((await fetch(`${url}/_croft/local/v1/users`, { method: "POST", body })).status).toBe(404);
  });

  test("tells whoever watches it how it is", async () => {
    expect(await get("/livez")).toEqual({ alive: true });
    expect(await get("/readyz")).toMatchObject({ ready: true, parts: { storage: "ready" } });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/^synapse_http_server_response_count\{method="GET",servlet="getLiveness",code="200"\} \d+$/m);
    expect(text).toMatch(
      /^synapse_http_server_response_time_seconds_bucket\{.*servlet="getVersions".*le="\+Inf"\} 1$/m,
    );
    expect(text).toContain('croft_build_info{version="1.2.3"} 1');
  });

  test("keeps the key it made at its first start", async () => {
    const again = (seed: string) => serverSigningKey(opened, { random: seededRandom(seed) });
    const { keyId, publicKey } = await again("one");
    expect(await again("two")).toMatchObject({ keyId, publicKey });
    expect(keyId).toMatch(/^ed25519:[0-9a-f]{6}$/);
  });

  test("does not take over the data of a server of another name", async () => {
    await expect(create("there.example")).rejects.toBeInstanceOf(OtherServersData);
  });
});

test("a homeserver whose storage fails says so where readiness is asked", async () => {
  const own = await openTestStorage();
  const parts = { storage: () => own.storage.health() };
  await using served = await serveRoutes(healthRoutes({ parts, metricsText: async () => "" }));
  await own.close();
  expect(await served.send("GET", "/readyz")).toMatchObject({
    status: 503,
    json: { ready: false, parts: { storage: await own.storage.health() } },
  });
});
