import type { UserId } from "@croft/protocol";
import { type SyncReply, SyncScene, serveRoutes } from "@croft/testkit";
import { expect, test } from "vitest";
import { syncRoutes } from "./routes.ts";

const ALICE = "@alice:here";

/** The token of a user is their localpart. */
async function served() {
  const scene = await SyncScene.open();
  const authenticate = async (token: string) => ({
    userId: `@${token}:here` as UserId,
    deviceId: "DEVICE",
    isAdmin: false,
    isGuest: false,
    tokenId: 1,
  });
  const server = await serveRoutes(syncRoutes(scene.sync), { authenticate });
  return {
    scene,
    server,
    async sync(query: string) {
      const { status, headers, json } = await server.send("GET", `/_matrix/client/v3/sync?${query}`, {
        token: "alice",
      });
      return { status, type: headers.get("content-type"), json: json as SyncReply & { errcode?: string } };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await scene[Symbol.asyncDispose]();
    },
  };
}

test("a sync is JSON, and takes either spelling of use_state_after", async () => {
  await using here = await served();
  const roomId = await here.scene.room(ALICE);
  const { status, type, json } = await here.sync("use_state_after=true&set_presence=offline");
  expect([status, type]).toEqual([200, "application/json"]);
  expect(json.rooms?.join?.[roomId]).toHaveProperty("state_after");
  const unstable = await here.sync("org.matrix.msc4222.use_state_after=true");
  expect(unstable.json.rooms?.join?.[roomId]).toHaveProperty(["org.matrix.msc4222.state_after"]);
  expect((await here.sync("")).json.rooms?.join?.[roomId]).not.toHaveProperty("state_after");
});

test("what cannot be read is refused", async () => {
  await using here = await served();
  for (const query of ["since=nonsense", "timeout=soon", "timeout=-1", "set_presence=asleep", "filter=%7B"]) {
    expect(await here.sync(query)).toMatchObject({ status: 400, json: { errcode: "M_INVALID_PARAM" } });
  }
});

test("a server that stops ends its waiting syncs with a reply", async () => {
  await using here = await served();
  const { next_batch: since } = (await here.sync("")).json;
  const waiting = here.sync(`timeout=30000&since=${since}`);
  while (here.scene.sync.notifier.waiting === 0) await new Promise(setImmediate);
  await here.server.handler.drain();
  expect(await waiting).toMatchObject({ status: 200, json: { next_batch: since } });
  expect(here.scene.sync.notifier.waiting).toBe(0);
});
