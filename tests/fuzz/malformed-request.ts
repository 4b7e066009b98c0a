import type { Endpoint } from "@croft/api";
import * as api from "@croft/api";
import { pick } from "../chance.ts";
import { type Below, hostileText } from "./hostile-values.ts";
import { withByteFault, withHostilePlace } from "./mutate-json.ts";
import { rawSyntax } from "./raw-syntax.ts";
import { type Shape, sample, trueName } from "./sample-schema.ts";
import type { World } from "./world.ts";

/** One thing to send: a whole request that has one answer, or bytes after which the sender falls silent. */
export type Malformed =
  | { readonly kind: "request"; readonly bytes: Buffer; readonly isHead: boolean; readonly mayWait: boolean }
  | { readonly kind: "bytes"; readonly bytes: Buffer };

export const endpoints: readonly Endpoint[] = Object.values(api).filter(
  (value): value is Endpoint & typeof value => typeof value === "object" && value !== null && "operationId" in value,
);

/** Less than what a server takes for request line and headers. */
const MAX_HEAD_BYTES = 12 * 1024;

/** Half of what they are sent ends a session: only an account that is made anew now and then calls them. */
const ENDS_SESSIONS = new Set([
  "logout",
  "logout_all",
  "deactivateAccount",
  "changePassword",
  "deleteDevice",
  "refresh",
]);

type Draft = {
  readonly endpoint: Endpoint;
  method: string;
  segments: string[];
  query: string;
  readonly headers: string[];
  body: Buffer | undefined;
};

type Of = { readonly below: Below; readonly world: World };

/** A request that is right as far as the declarations tell, with one to three things wrong; or no HTTP at all. */
export function malformed(of: Of): Malformed {
  const { below } = of;
  const draft = rightRequest(pick(below, endpoints), of);
  if (below(20) === 0) return { kind: "bytes", bytes: rawSyntax(below, print(draft)) };
  for (let faults = 1 + below(3); faults > 0; faults--) pick(below, FAULTS)(draft, of);
  if (below(40) === 0) return wrongLength(draft, below);
  const bytes = print(draft);
  if (isNoHttp(draft, bytes)) return { kind: "bytes", bytes };
  return { kind: "request", bytes, isHead: draft.method === "HEAD", mayWait: draft.endpoint.operationId === "sync" };
}

/**
 * What node:http refuses before anybody sees it, or after which it reads no other request (an upgrade, a last request):
 * it gets a connection of its own, which may be cut before an answer to an unread body has arrived.
 */
const isNoHttp = ({ segments }: Draft, bytes: Buffer): boolean =>
  segments[0] !== "" || bytes.includes("\r\nconnection:") || bytes.indexOf("\r\n\r\n") > MAX_HEAD_BYTES;

function rightRequest(endpoint: Endpoint, of: Of): Draft {
  const { below, world } = of;
  const { properties = {} } = (endpoint.params ?? {}) as Shape;
  const segments = endpoint.path.split("/").map((segment) => {
    if (!segment.startsWith(":")) return segment;
    const name = segment.slice(1);
    return encodeURIComponent(trueName(name, of) ?? String(sample(properties[name] ?? { type: "string" }, name, of)));
  });
  const expendable = ENDS_SESSIONS.has(endpoint.operationId);
  const { token } = expendable ? world.mallory : pick(below, [world.alice, world.alice, world.bob]);
  const body = endpoint.body && Buffer.from(JSON.stringify(sample(endpoint.body as Shape, "", of)));
  return {
    endpoint,
    method: endpoint.method,
    segments,
    query: endpoint.query ? rightQuery(endpoint.query as Shape, of) : "",
    headers: [`authorization: Bearer ${token}`],
    body: endpoint.streamsBody ? Buffer.from("bytes") : body,
  };
}

function rightQuery(shape: Shape, of: Of): string {
  const query = sample(shape, "", of) as { [name: string]: unknown };
  // A sync that has nothing to tell would wait as long as it was asked to.
  if ("timeout" in query) query["timeout"] = 0;
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]);
  return new URLSearchParams(pairs.map(([name, value]) => [name, value.toWellFormed()])).toString();
}

const BROKEN_ENCODINGS = ["%", "%zz", "%ff", "%c0%af", "%ed%a0%80", "%00", "%2e%2e%2f", "%2F", "+", "%u0041", "%F0%9F"];
const encoded = (text: string) => encodeURIComponent(text.toWellFormed()).slice(0, 20_000);

const FAULTS: readonly ((draft: Draft, of: Of) => void)[] = [
  // The body, most of all.
  breakPlace,
  breakPlace,
  breakPlace,
  breakBytes,
  breakBytes,
  (draft, { below }) => {
    draft.segments[below(draft.segments.length)] = encoded(hostileText(below));
  },
  breakParameter,
  breakParameter,
  (draft, { below }) => {
    const at = below(draft.segments.length);
    draft.segments[at] = (draft.segments[at] ?? "") + pick(below, BROKEN_ENCODINGS);
  },
  (draft, { below }) => {
    draft.segments.splice(
      below(draft.segments.length + 1),
      below(2),
      pick(below, ["", "..", ".", "%2e%2e", "v3", "x"]),
    );
    if (draft.segments[0] !== "") draft.segments.unshift("");
  },
  (draft, { below }) => {
    draft.method = pick(below, ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "QUERY", "LOCK"]);
  },
  breakQuery,
  breakQuery,
  breakToken,
  breakToken,
  (draft, { below }) => {
    draft.headers.push(pick(below, HEADERS)(below));
  },
];

function breakPlace(draft: Draft, { below }: Of): void {
  if (draft.body === undefined || draft.endpoint.streamsBody) return;
  try {
    draft.body = Buffer.from(withHostilePlace(below, JSON.parse(draft.body.toString())));
  } catch {
    // It was broken before.
  }
}

function breakBytes(draft: Draft, { below }: Of): void {
  draft.body = withByteFault(below, draft.body?.toString() ?? "{}");
}

function breakParameter(draft: Draft, { below }: Of): void {
  const parameters = draft.endpoint.path.split("/").flatMap((part, at) => (part.startsWith(":") ? [at] : []));
  if (parameters.length > 0) draft.segments[pick(below, parameters)] = encoded(hostileText(below));
}

function breakQuery(draft: Draft, { below }: Of): void {
  const { properties = {} } = (draft.endpoint.query ?? {}) as Shape;
  const names = [
    ...Object.keys(properties).filter((name) => name !== "timeout"),
    "access_token",
    "__proto__",
    "user_id",
  ];
  const value = below(3) === 0 ? pick(below, BROKEN_ENCODINGS) : encoded(hostileText(below));
  const pair = below(10) === 0 ? "&=&==&a[]=1&a[b]=2" : `${pick(below, names)}=${value}`;
  draft.query = below(2) === 0 ? pair : `${draft.query}&${pair}`;
  if (below(50) === 0) draft.query = `${pair}&`.repeat(200);
}

function breakToken(draft: Draft, { below, world }: Of): void {
  const at = draft.headers.findIndex((header) => header.startsWith("authorization"));
  if (at >= 0) draft.headers.splice(at, 1);
  const expendable = ENDS_SESSIONS.has(draft.endpoint.operationId);
  const other = expendable ? world.deletedDeviceToken : world.bob.token;
  const tokens = [
    "Bearer",
    "Bearer ",
    "Bearer null",
    "Basic YWxpY2U6cGFzcw==",
    `bearer  ${other}`,
    `Bearer ${other}x`,
    `Bearer ${world.deletedDeviceToken}`,
    `Bearer ${"x".repeat(10_000)}`,
    `Bearer ${hostileText(below).replaceAll(/[^\x20-\x7e]/g, "?")}`,
    `Bearer \xff\xfe${other}`,
    `Bearer ${other}, Bearer ${other}`,
    'X-Matrix origin="elsewhere.example",key="ed25519:a",sig="b"',
  ];
  if (below(4) > 0) draft.headers.push(`authorization: ${pick(below, tokens)}`);
}

const HEADERS: readonly ((below: Below) => string)[] = [
  (below) =>
    `content-type: ${pick(below, ["text/xml", "", "application/x-www-form-urlencoded", "a/b;".repeat(500), "\xff"])}`,
  (below) => `content-encoding: ${pick(below, ["gzip", "br", "deflate", "identity", "zstd, gzip", "x".repeat(999)])}`,
  () => "expect: 100-continue",
  () => "expect: nonsense",
  () => "upgrade: websocket\r\nconnection: upgrade",
  () => "connection: close",
  () => "origin: null",
  () => "range: bytes=5-1",
  () => "if-none-match: *",
  (below) =>
    `x-forwarded-for: ${hostileText(below)
      .replaceAll(/[^\x20-\x7e]/g, "?")
      .slice(0, 900)}`,
  (below) => `accept-language: ${"x".repeat([10, 1_000, 15_000, 40_000][below(4)]!)}`,
  (below) => Array.from({ length: [50, 300, 3_000][below(3)]! }, (_, at) => `x-${at}: ${at}`).join("\r\n"),
  (below) => `user-agent: ${"\xe9".repeat(below(2_000))}`,
];

function print(draft: Draft, length = draft.body?.length): Buffer {
  const { method, segments, query, headers, body = Buffer.alloc(0) } = draft;
  const target = `${segments.join("/") || "/"}${query === "" ? "" : `?${query}`}`;
  const lines = [`${method} ${target} HTTP/1.1`, "host: localhost", ...headers];
  if (length !== undefined) lines.push(`content-length: ${length}`);
  if (!headers.some((header) => header.startsWith("content-type"))) lines.push("content-type: application/json");
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

/** More announced than sent, or less: what is left over is read as the next request. */
function wrongLength(draft: Draft, below: Below): Malformed {
  const length = draft.body?.length ?? 0;
  const announced = below(2) === 0 ? length + 1 + below(1_000) : Math.max(0, length - 1 - below(20));
  return { kind: "bytes", bytes: print(draft, announced) };
}
