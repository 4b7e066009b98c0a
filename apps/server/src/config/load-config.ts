import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ServerName } from "@croft/protocol";
import type { LogLevel } from "@croft/runtime";
import { type Config, ConfigError, type RegistrationMode } from "./config.ts";
import { nearest } from "./nearest.ts";
import { type Found, readConfigFile } from "./read-file.ts";
import { environmentName, SETTINGS, type Setting, type SettingKey } from "./settings.ts";

const DEFAULT_FILE = "croft.yaml";
const CONFIG_VARIABLE = "CROFT_CONFIG";

export type ConfigSources = {
  readonly flags: { readonly [flag: string]: string | undefined };
  readonly environment: { readonly [name: string]: string | undefined };
  readonly workingFolder: string;
  /** Whether somebody reads the log as it is written. */
  readonly isTerminal: boolean;
};

/** The configuration, and what in the environment looks like a mistake but may be somebody else's. */
export type Loaded = { readonly config: Config; readonly warnings: readonly string[] };

/**
 * Flags come before the environment, that before the file, that before the defaults. Throws a `ConfigError` that names
 * every bad value and where it stands.
 */
export async function loadConfig({ flags, environment, workingFolder, isTerminal }: ConfigSources): Promise<Loaded> {
  const file = configFile(flags["config"] ?? environment[CONFIG_VARIABLE], workingFolder);
  const fromFile = file === undefined ? new Map<string, Found>() : await readConfigFile(file);
  const problems: string[] = [];
  const values = new Map<SettingKey, unknown>();
  for (const key of Object.keys(SETTINGS) as SettingKey[]) {
    const found = lookUp(key, flags, environment) ?? fromFile.get(key);
    if (found === undefined) continue;
    try {
      values.set(key, SETTINGS[key].read(found.value));
    } catch (error) {
      problems.push(`${found.where}: ${key} ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const dataIsFromFile = file !== undefined && lookUp("data", flags, environment) === undefined && fromFile.has("data");
  const base = dataIsFromFile ? dirname(file) : workingFolder;
  return { config: toConfig(values, base, isTerminal), warnings: strangeVariables(environment) };
}

function configFile(named: string | undefined, workingFolder: string): string | undefined {
  if (named !== undefined) return resolve(workingFolder, named);
  const usual = resolve(workingFolder, DEFAULT_FILE);
  return existsSync(usual) ? usual : undefined;
}

function lookUp(
  key: SettingKey,
  flags: ConfigSources["flags"],
  environment: ConfigSources["environment"],
): Found | undefined {
  const setting: Setting = SETTINGS[key];
  const fromFlag = setting.flag === undefined ? undefined : flags[setting.flag];
  if (fromFlag !== undefined) return { value: fromFlag, where: `--${setting.flag}` };
  const name = environmentName(key);
  const fromEnvironment = environment[name];
  return fromEnvironment === undefined ? undefined : { value: fromEnvironment, where: name };
}

function toConfig(values: ReadonlyMap<SettingKey, unknown>, base: string, isTerminal: boolean): Config {
  const get = <Value>(key: SettingKey, otherwise: Value): Value => (values.get(key) as Value | undefined) ?? otherwise;
  const serverName = get("server_name", "localhost") as ServerName;
  const listen = get("listen", { host: "127.0.0.1", port: 8008 });
  const home = serverName === "localhost" ? `http://localhost:${listen.port}/` : `https://${serverName}/`;
  return {
    serverName,
    listen,
    dataFolder: resolve(base, get("data", "data")),
    databaseUrl: get<string | undefined>("database.url", undefined),
    publicBaseUrl: get("public_baseurl", home),
    registration: {
      mode: get<RegistrationMode>("registration.mode", "closed"),
      sharedSecret: get<string | undefined>("registration.shared_secret", undefined),
    },
    rateLimitsEnabled: get("rate_limits.enabled", true),
    maxUploadBytes: get("media.max_upload_size", 100 * 1024 ** 2),
    log: {
      level: get<LogLevel>("log.level", "info"),
      format: get<"json" | "pretty">("log.format", isTerminal ? "pretty" : "json"),
    },
    trustedProxies: get<readonly string[]>("trusted_proxies", []),
  };
}

/** Only a warning: an orchestrator makes variables of this form for a service of this name. */
function strangeVariables(environment: ConfigSources["environment"]): string[] {
  const known = [CONFIG_VARIABLE, ...Object.keys(SETTINGS).map(environmentName)];
  const warnings: string[] = [];
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("CROFT_") || known.includes(name)) continue;
    const meant = nearest(name, known);
    if (meant) warnings.push(`The environment variable ${name} is no setting; did you mean ${meant}?`);
  }
  return warnings;
}
