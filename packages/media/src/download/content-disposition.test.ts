import { describe, expect, test } from "vitest";
import { contentDisposition } from "./content-disposition.ts";

/** The name a browser reads out of a header: of the extended form where there is one. */
function nameIn(header: string): string | undefined {
  const extended = /filename\*=UTF-8''([^;]*)$/.exec(header)?.[1];
  if (extended !== undefined) return decodeURIComponent(extended);
  return /filename="([^"\\]*)"$/.exec(header)?.[1];
}

describe("whether content is shown or saved", () => {
  test.each([
    ["image/png", "inline"],
    ["IMAGE/PNG", "inline"],
    ["text/plain; charset=utf-8", "inline"],
    ["application/json", "inline"],
    ["text/html", "attachment"],
    ["image/svg+xml", "attachment"],
    ["application/xhtml+xml", "attachment"],
    ["application/pdf", "attachment"],
    ["application/octet-stream", "attachment"],
    ["text/html; x=image/png", "attachment"],
    ["image/png,text/html", "attachment"],
  ])("%s is %s", (contentType, disposition) => {
    expect(contentDisposition(contentType, undefined)).toBe(disposition);
  });
});

test.each([
  "cat.png",
  "a b;c=d,e.txt",
  'quo"te.txt',
  "back\\slash\\",
  "100%25.txt",
  "Ünïcödé 😀.png",
  "don't (stop) * now.txt",
  "../../etc/passwd",
  "x".repeat(512),
])("the name survives: %s", (name) => {
  const header = contentDisposition("image/png", name);
  expect(nameIn(header)).toBe(name);
  expect(header).toMatch(/^[\x20-\x7e]+$/);
});

test("a name can bring no header, no parameter and no broken text of its own", () => {
  const hostile = 'x"; filename="evil.exe"\r\nSet-Cookie: a=b\r\n\r\n<script>\0\u0085';
  const header = contentDisposition("text/html", hostile);
  expect(header).toMatch(/^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[A-Za-z0-9%._~!#$&+^`|-]*$/);
  expect(nameIn(header)).toBe('x"; filename="evil.exe"Set-Cookie: a=b<script>');
  expect(nameIn(contentDisposition("text/html", "half \ud83d pair"))).toBe("half \ufffd pair");
});

test("a name of nothing but control characters is none", () => {
  expect(contentDisposition("text/css", "\r\n\t")).toBe("inline");
  expect(contentDisposition("text/css", "")).toBe("inline");
});
