import { addressReader } from "@croft/http";
import { isServerName } from "@croft/protocol";

/**
 * A setting by its key in the file. `read` takes what the file, the environment or a flag holds and gives the value, or
 * throws the sentence that says what it must be.
 */
export type Setting = {
  readonly read: (value: unknown) => unknown;
  readonly flag?: "server-name" | "data" | "listen" | "database";
};

export const SETTINGS = {
  server_name: { read: serverName, flag: "server-name" },
  listen: { read: hostAndPort, flag: "listen" },
  data: { read: text, flag: "data" },
  "database.url": { read: databaseUrl, flag: "database" },
  public_baseurl: { read: httpUrl },
  "registration.mode": { read: oneOf("closed", "token", "open") },
  "registration.shared_secret": { read: text },
  "rate_limits.enabled": { read: yesOrNo },
  "media.max_upload_size": { read: byteSize },
  "log.level": { read: oneOf("debug", "info", "warn", "error") },
  "log.format": { read: oneOf("json", "pretty") },
  trusted_proxies: { read: addresses },
} as const satisfies { readonly [key: string]: Setting };

export type SettingKey = keyof typeof SETTINGS;

/** `registration.mode` is `CROFT_REGISTRATION_MODE`. */
export const environmentName = (key: string): string => `CROFT_${key.toUpperCase().replaceAll(".", "_")}`;

function text(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new Error("must be a text that is not empty");
  return value;
}

function serverName(value: unknown): string {
  if (typeof value === "string" && isServerName(value)) return value;
  throw new Error("must be a host name with an optional port, like example.org");
}

function hostAndPort(value: unknown): { host: string; port: number } {
  const match = typeof value === "string" && /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(value);
  const port = match ? Number(match[3]) : Number.NaN;
  const host = match ? (match[1] ?? match[2]) : undefined;
  if (host === undefined || !(port <= 65_535)) {
    throw new Error("must be an address and a port, like 127.0.0.1:8008 or [::1]:8008");
  }
  return { host, port };
}

function parsedUrl(value: unknown): URL | undefined {
  return typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
}

function databaseUrl(value: unknown): string {
  const url = parsedUrl(value);
  if (url?.protocol !== "postgres:" && url?.protocol !== "postgresql:") {
    throw new Error("must be a PostgreSQL URL, like postgres://user:password@localhost/croft");
  }
  return url.href;
}

function httpUrl(value: unknown): string {
  const url = parsedUrl(value);
  if ((url?.protocol !== "http:" && url?.protocol !== "https:") || url.search !== "" || url.hash !== "") {
    throw new Error("must be a URL, like https://matrix.example.org");
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

function oneOf(...choices: readonly string[]): (value: unknown) => string {
  return (value) => {
    if (typeof value === "string" && choices.includes(value)) return value;
    throw new Error(`must be one of ${choices.join(", ")}`);
  };
}

function yesOrNo(value: unknown): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new Error("must be true or false");
}

const UNITS: { readonly [unit: string]: number } = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

function byteSize(value: unknown): number {
  const match = /^(\d{1,12})([KMG]?)B?$/i.exec(String(value));
  const bytes = Number(match?.[1]) * (UNITS[match?.[2]?.toUpperCase() ?? ""] ?? Number.NaN);
  if (!Number.isSafeInteger(bytes) || bytes === 0) throw new Error("must be a size, like 50M");
  return bytes;
}

function addresses(value: unknown): readonly string[] {
  const list = typeof value === "string" ? value.split(",").map((entry) => entry.trim()) : value;
  try {
    if (!Array.isArray(list)) throw new Error();
    addressReader(list.map(String));
    return list.map(String);
  } catch {
    throw new Error("must be a list of addresses or ranges, like 10.0.0.0/8");
  }
}
