import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export default defineConfig({
  test: {
    // Shared modules make hidden state show up, and save most of the time.
    isolate: false,
    silent: "passed-only",
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          pool: "threads",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "whole program",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/client-server/**"],
          // Client libraries keep what they know in globals.
          isolate: true,
          pool: "forks",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "client-server",
          pool: "threads",
          include: ["tests/client-server/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "protocol in Chromium",
          include: ["packages/protocol/src/**/*.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              // As root Chromium refuses its sandbox.
              launchOptions: {
                ...(chromium && { executablePath: chromium }),
                args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
