import { afterAll, beforeAll, describe, expect } from "vitest";
import {
  startTestHomeserver,
  type TestHomeserver,
  type TestHomeserverOptions,
  type TestUser,
} from "../../packages/testkit/src/test-homeserver.ts";

/** The server that a file's rules are tried on. */
export type Here = {
  readonly server: TestHomeserver;
  /** New accounts whose names begin as given: the rules of a file share its server. */
  people<Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: TestUser }>;
};

/** States the same rules of a whole homeserver on the embedded database and on PostgreSQL. */
export function onBothEngines(rules: (here: Here) => void, options: Omit<TestHomeserverOptions, "engine"> = {}): void {
  describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
    let server: TestHomeserver;
    let made = 0;
    beforeAll(async () => {
      server = await startTestHomeserver({ ...options, engine });
    });
    afterAll(() => server[Symbol.asyncDispose]());
    rules({
      get server() {
        return server;
      },
      async people<Names extends readonly string[]>(...names: Names) {
        const people = await Promise.all(names.map((name) => server.register(`${name}-${made++}`)));
        return people as { [Index in keyof Names]: TestUser };
      },
    });
  });
}

/** What a refusal looks like, for `toMatchObject`. */
export const refusal = (status: number, errcode: string) => ({ status, body: { errcode, error: expect.any(String) } });
