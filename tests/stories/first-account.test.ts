import { existsSync } from "node:fs";
import { type CroftProcess, startCroft, until } from "@croft/testkit";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

let server: CroftProcess;
let browser: Browser;

beforeAll(async () => {
  server = await startCroft({ env: { CROFT_REGISTRATION_MODE: "closed" } });
  // The first start ever builds the pages.
  await until("the pages", async () => (await fetch(server.url)).ok, { timeoutMs: 60_000 });
  browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    // As root Chromium refuses its sandbox.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-background-networking"],
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page at phone width, and what went wrong in it. */
async function open(path: string): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(server.url + path);
  await page.waitForSelector("h1");
  return { page, faults };
}

test("whoever started the server makes the first account with the link it printed, and nobody does again", async () => {
  const link = /\/setup#\S+/.exec(server.output())?.[0];
  if (link === undefined) throw new Error("the server printed no setup link");

  const start = await open("/");
  expect(await start.page.textContent("h1")).toBe("localhost");
  await start.page.getByText("Up and well").waitFor();
  await start.page.getByText("One step left").waitFor();

  const setup = await open(link);
  await setup.page.getByLabel("User name").fill("alice");
  await setup.page.getByLabel("Password").fill("a row of words");
  await setup.page.getByRole("button", { name: "Make my account" }).click();
  await setup.page.getByText("Welcome home").waitFor();
  expect(await setup.page.textContent("h1")).toBe("@alice:localhost");
  expect(setup.page.url()).toBe(`${server.url}/setup`);

  const again = await open(link);
  await again.page.getByText("Already set up").waitFor();
  const wide = await start.page.evaluate("document.documentElement.scrollWidth > innerWidth");
  expect(wide).toBe(false);
  expect([start, setup, again].flatMap(({ faults }) => faults)).toEqual([]);

  const login = await fetch(`${server.url}/_matrix/client/v3/login`, {
    method: "POST",
    body: JSON.stringify({
      type: "m.login.password",
      identifier: { type: "m.id.user", user: "alice" },
      password: "a row of words",
    }),
  });
  expect(await login.json()).toMatchObject({ user_id: "@alice:localhost" });
});
