import type { ServerName } from "@croft/protocol";
import type { LogLevel } from "@croft/runtime";

export type RegistrationMode = "closed" | "token" | "open";

/** Everything that can be set, checked once; made by `loadConfig`. */
export type Config = {
  readonly serverName: ServerName;
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute. */
  readonly dataFolder: string;
  /** Absent: SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Where clients reach the server, ending in `/`. */
  readonly publicBaseUrl: string;
  readonly registration: { readonly mode: RegistrationMode; readonly sharedSecret: string | undefined };
  readonly rateLimitsEnabled: boolean;
  readonly maxUploadBytes: number;
  readonly log: { readonly level: LogLevel; readonly format: "json" | "pretty" };
  readonly trustedProxies: readonly string[];
};

/** What is wrong with the configuration: whole sentences for the operator, each with its place. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
