import { pick } from "../chance.ts";
import type { Below } from "./hostile-values.ts";

const text = (lines: readonly string[]) => Buffer.from(lines.join("\r\n"), "latin1");
const VERSIONS = "/_matrix/client/versions";
const END = ["", ""];

/** What is not HTTP, or HTTP that only an attacker writes. `request` is a good one to spoil. */
const SYNTAXES: readonly ((below: Below, request: Buffer) => Buffer)[] = [
  (below) => Buffer.from(Array.from({ length: below(300) }, () => below(256))),
  (below, request) => request.subarray(0, below(request.length)),
  (below, request) => {
    const spoilt = Buffer.from(request);
    for (let faults = 1 + below(4); faults > 0; faults--) spoilt[below(Math.min(spoilt.length, 400))] = below(256);
    return spoilt;
  },
  (below, request) => Buffer.concat([request, Buffer.from(Array.from({ length: below(200) }, () => below(256)))]),
  (below, request) => Buffer.concat(Array.from({ length: 2 + below(20) }, () => request)),
  () => text(["GET /"]),
  () => text([`GET ${VERSIONS}`, ...END]),
  () => text([`GET ${VERSIONS} HTTP/0.9`, ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.0`, ...END]),
  () => text([`GET ${VERSIONS} HTTP/2.0`, "host: a", ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.1`, ...END]),
  () => text([`get ${VERSIONS} HTTP/1.1`, "host: a", ...END]),
  () => text([`GET  ${VERSIONS}  HTTP/1.1`, "host: a", ...END]),
  () => text([`GET http://elsewhere.example${VERSIONS} HTTP/1.1`, "host: a", ...END]),
  () => text([`GET ${VERSIONS}\t HTTP/1.1`, "host: a", ...END]),
  () => text([`GET ${VERSIONS}\0 HTTP/1.1`, "host: a", ...END]),
  () => text([`GET ${VERSIONS}?\xff\xfe=\x80 HTTP/1.1`, "host: a", ...END]),
  () => text([`GET /_matrix/client/v3/profile/\xe2\x98\x83 HTTP/1.1`, "host: a", ...END]),
  (below) => text([`GET ${VERSIONS}?${"x".repeat([1_000, 30_000, 70_000][below(3)]!)} HTTP/1.1`, "host: a", ...END]),
  () => text(["OPTIONS * HTTP/1.1", "host: a", ...END]),
  () => text(["CONNECT localhost:443 HTTP/1.1", "host: a", ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.1`, "host: a", "host: b", ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.1`, "host : a", ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.1`, "host: a", " folded: b", ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.1`, "host: a", ": empty", ...END]),
  () => text([`GET ${VERSIONS} HTTP/1.1`, "host: a", "no colon", ...END]),
  () => Buffer.from(`GET ${VERSIONS} HTTP/1.1\nhost: a\n\n`),
  () => text([`POST ${VERSIONS} HTTP/1.1`, "host: a", "content-length: 5", "content-length: 6", "", "12345"]),
  () => text([`POST ${VERSIONS} HTTP/1.1`, "host: a", "content-length: -1", ...END]),
  () => text([`POST ${VERSIONS} HTTP/1.1`, "host: a", "content-length: 99999999999999999999", ...END]),
  () =>
    text([`POST ${VERSIONS} HTTP/1.1`, "host: a", "content-length: 4", "transfer-encoding: chunked", "", "0", ...END]),
  (below) => {
    const chunk = pick(below, ["zz", "-1", "ffffffffffffffff", "5;x=\0", "5\r\n12", "0\r\n\r\nGET / HTTP/1.1"]);
    return text(["POST /_matrix/client/v3/login HTTP/1.1", "host: a", "transfer-encoding: chunked", "", chunk, ...END]);
  },
  () =>
    text([
      "POST /_matrix/client/v3/login HTTP/1.1",
      "host: a",
      "transfer-encoding: chunked",
      "",
      "2",
      "{}",
      "0",
      ...END,
    ]),
  () =>
    text(["POST /_matrix/client/v3/login HTTP/1.1", "host: a", "transfer-encoding: gzip, chunked", "", "0", ...END]),
  () => text(["PRI * HTTP/2.0", "", "SM", "", ""]),
  () => Buffer.from("16030100c8010000c40303", "hex"),
  () => Buffer.from("SSH-2.0-OpenSSH_9.9\r\n"),
  () => text(["\r\n\r\n\r\nGET / HTTP/1.1", "host: a", ...END]),
];

export const rawSyntax = (below: Below, request: Buffer): Buffer => pick(below, SYNTAXES)(below, request);
