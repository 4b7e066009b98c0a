import { getCapabilities, getTurnServer, getVersions, getWellknown } from "@croft/api";
import { expect, test } from "vitest";
import { call, ok } from "../../packages/testkit/src/call.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";

onBothEngines((here) => {
  test("anyone may ask which versions of the specification the server speaks", async () => {
    const { versions } = await ok(here.server.url, getVersions, {});
    expect(versions).toContain("v1.11");
    expect(versions).toContain("r0.6.1");
  });

  test("anyone may ask where clients reach the server", async () => {
    const reply = await ok(here.server.url, getWellknown, {});
    expect(reply).toEqual({ "m.homeserver": { base_url: "http://localhost:8008/" } });
  });

  test("who has an account learns what it can do and which room versions there are", async () => {
    const [alice] = await here.people("alice");
    const { capabilities } = await alice.ok(getCapabilities);
    expect(capabilities["m.change_password"]).toEqual({ enabled: true });
    expect(capabilities["m.room_versions"]?.default).toBe("12");
    expect(Object.keys(capabilities["m.room_versions"]?.available ?? {})).toHaveLength(12);
    expect(await call(here.server.url, getCapabilities, {})).toMatchObject(refusal(401, "M_MISSING_TOKEN"));
  });

  test("a server without a TURN server says so with nothing", async () => {
    const [alice] = await here.people("alice");
    expect(await alice.ok(getTurnServer)).toEqual({});
  });
});
