import { MatrixError } from "@croft/protocol";
import { describe, expect, test } from "vitest";
import { Router } from "./router.ts";

const router = new Router<string>();
router.add("GET", "/rooms/:roomId/state", "all state");
router.add("GET", "/rooms/:roomId/state/:eventType", "state");
router.add("GET", "/rooms/:roomId/state/:eventType/", "state with empty key");
router.add("PUT", "/rooms/:roomId/state/:eventType/:stateKey", "put state");
router.add("GET", "/rooms/public", "public");
router.add("POST", "/rooms/:roomId", "post room");
router.add("GET", "/profile/:userId/displayname", "displayname");
router.add("PUT", "/profile/:userId/:field", "put field");

describe("the router", () => {
  test("prefers a fixed segment to a parameter, and falls back to the parameter for other methods", () => {
    expect(router.find("GET", "/rooms/public")).toMatchObject({ target: "public" });
    expect(router.find("POST", "/rooms/public")).toEqual({ target: "post room", params: { roomId: "public" } });
    expect(router.find("PUT", "/profile/@a:b/displayname")).toMatchObject({
      target: "put field",
      params: { userId: "@a:b", field: "displayname" },
    });
  });

  test("keeps an encoded slash inside its segment", () => {
    expect(router.find("PUT", "/rooms/%21r:h/state/m.x/a%2Fb")).toEqual({
      target: "put state",
      params: { roomId: "!r:h", eventType: "m.x", stateKey: "a/b" },
    });
  });

  test("takes a trailing slash only where it is declared", () => {
    expect(router.find("GET", "/rooms/!r/state/m.x/")).toMatchObject({ target: "state with empty key" });
    expect(router.find("GET", "/rooms/!r/state/")).toBeUndefined();
  });

  test("never takes an empty segment for a parameter", () => {
    expect(router.find("GET", "/rooms//state")).toBeUndefined();
  });

  test("names the methods a known path has", () => {
    expect(router.find("DELETE", "/rooms/public")).toEqual({ allow: ["GET", "POST"] });
    expect(router.find("GET", "/nowhere")).toBeUndefined();
  });

  test("refuses broken percent-encoding and NUL in a parameter", () => {
    for (const bad of ["%", "%zz", "%ff", "%C3%28", "a%00b"]) {
      expect(() => router.find("GET", `/rooms/${bad}/state`), bad).toThrow(MatrixError);
    }
  });

  test("refuses two routes for one method and path", () => {
    expect(() => router.add("GET", "/rooms/:other/state", "again")).toThrow("two routes claim");
  });
});
