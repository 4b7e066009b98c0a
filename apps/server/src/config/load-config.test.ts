import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "./config.ts";
import { loadConfig } from "./load-config.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "croft-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

type Given = { yaml?: string; flags?: { [flag: string]: string }; environment?: { [name: string]: string } };

async function load({ yaml, flags = {}, environment = {} }: Given) {
  const file = join(folder, "test.yaml");
  if (yaml !== undefined) await writeFile(file, yaml);
  const config = yaml === undefined ? {} : { config: file };
  return loadConfig({ flags: { ...config, ...flags }, environment, workingFolder: folder, isTerminal: false });
}

async function problemsOf(given: Given): Promise<readonly string[]> {
  const error = await load(given).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ConfigError)) throw new Error("the configuration was accepted");
  return error.problems.map((problem) => problem.replaceAll(`${folder}/`, ""));
}

describe("a configuration", () => {
  test("is complete without anything set", async () => {
    expect((await load({})).config).toEqual({
      serverName: "localhost",
      listen: { host: "127.0.0.1", port: 8008 },
      dataFolder: join(folder, "data"),
      databaseUrl: undefined,
      publicBaseUrl: "http://localhost:8008/",
      registration: { mode: "closed", sharedSecret: undefined },
      rateLimitsEnabled: true,
      maxUploadBytes: 100 * 1024 * 1024,
      log: { level: "info", format: "json" },
      trustedProxies: [],
    });
  });

  test("takes flags before the environment, that before the file, that before the default", async () => {
    const yaml = "server_name: file.example\nlisten: 127.0.0.1:1\nregistration:\n  mode: token\n";
    const environment = { CROFT_SERVER_NAME: "environment.example", CROFT_LISTEN: "127.0.0.1:2" };
    const { config } = await load({ yaml, environment, flags: { listen: "127.0.0.1:3" } });
    expect(config).toMatchObject({
      serverName: "environment.example",
      listen: { port: 3 },
      registration: { mode: "token" },
      publicBaseUrl: "https://environment.example/",
    });
  });

  test("needs no more than a server name", async () => {
    expect((await load({ yaml: "server_name: example.org" })).config.publicBaseUrl).toBe("https://example.org/");
  });

  test("in the environment mirrors the keys", async () => {
    const environment = {
      CROFT_REGISTRATION_MODE: "open",
      CROFT_REGISTRATION_SHARED_SECRET: "s3cret",
      CROFT_RATE_LIMITS_ENABLED: "false",
      CROFT_MEDIA_MAX_UPLOAD_SIZE: "50M",
      CROFT_DATABASE_URL: "postgres://u:p@h/d",
      CROFT_TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8",
    };
    expect((await load({ environment })).config).toMatchObject({
      registration: { mode: "open", sharedSecret: "s3cret" },
      rateLimitsEnabled: false,
      maxUploadBytes: 50 * 1024 * 1024,
      databaseUrl: "postgres://u:p@h/d",
      trustedProxies: ["127.0.0.1", "10.0.0.0/8"],
    });
  });

  test("counts a relative data folder from the file it stands in", async () => {
    const file = join(folder, "test.yaml");
    await writeFile(file, "data: here");
    const from = (workingFolder: string, flags = {}) =>
      loadConfig({ flags: { config: file, ...flags }, environment: {}, workingFolder, isTerminal: false });
    expect((await from("/somewhere")).config.dataFolder).toBe(join(folder, "here"));
    expect((await from("/somewhere", { data: "there" })).config.dataFolder).toBe("/somewhere/there");
  });

  test("warns of a variable that is nearly a setting, and of no other", async () => {
    const environment = { CROFT_REGISTRATON_MODE: "open", CROFT_PORT_8008_TCP_ADDR: "10.0.0.1" };
    expect((await load({ environment })).warnings).toEqual([
      "The environment variable CROFT_REGISTRATON_MODE is no setting; did you mean CROFT_REGISTRATION_MODE?",
    ]);
  });

  test.each<[string, Given, string]>([
    [
      "an unknown key",
      { yaml: "server_name: a.b\nregistraton:\n  mode: open" },
      'test.yaml:2: unknown key "registraton"; did you mean "registration"?',
    ],
    [
      "a mistyped key",
      { yaml: "registration:\n\n  mod: open" },
      'test.yaml:3: unknown key "registration.mod"; did you mean "registration.mode"?',
    ],
    ["a key that only objects have", { yaml: "constructor: open" }, 'test.yaml:1: unknown key "constructor"'],
    ["a group that holds no keys", { yaml: "registration: open" }, "test.yaml:1: registration must hold"],
    ["what is not YAML", { yaml: "server_name: [" }, "test.yaml:1: not valid YAML"],
    ["a key given twice", { yaml: "data: a\ndata: b" }, "test.yaml:2: not valid YAML: Map keys must be unique"],
    ["a list", { yaml: "- a" }, "test.yaml:1: the file must hold keys and values"],
    ["a bad server name", { yaml: "server_name: no spaces" }, "test.yaml:1: server_name must be a host name"],
    ["a port out of range", { flags: { listen: "127.0.0.1:70000" } }, "--listen: listen must be an address"],
    ["a listen without a port", { environment: { CROFT_LISTEN: "localhost" } }, "CROFT_LISTEN: listen must be"],
    ["a foreign database", { flags: { database: "mysql://x" } }, "--database: database.url must be a PostgreSQL URL"],
    ["a bad URL", { yaml: "public_baseurl: example.org" }, "test.yaml:1: public_baseurl must be a URL"],
    [
      "an unknown mode",
      { yaml: "registration: {mode: maybe}" },
      "registration.mode must be one of closed, token, open",
    ],
    ["a switch that is neither", { yaml: "rate_limits: {enabled: 1}" }, "rate_limits.enabled must be true or false"],
    ["a size that is none", { yaml: "media: {max_upload_size: lots}" }, "media.max_upload_size must be a size"],
    ["a proxy that is no address", { yaml: "trusted_proxies: [proxy]" }, "trusted_proxies must be a list of addresses"],
    ["an empty text", { yaml: 'data: ""' }, "data must be a text that is not empty"],
    [
      "a file that is not there",
      { flags: { config: "none.yaml" } },
      "The configuration file none.yaml does not exist.",
    ],
  ])("with %s is refused with its place", async (_, given, problem) => {
    const problems = await problemsOf(given);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test("tells every bad value at once", async () => {
    expect(await problemsOf({ yaml: "server_name: a b\nlisten: x" })).toHaveLength(2);
  });
});
