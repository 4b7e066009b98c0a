import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export default defineConfig({
  test: {
    // Shared modules make hidden state show up, and save most of the time.
    isolate: false,
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
          name: "protocol in Chromium",
          include: ["packages/protocol/src/**/*.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
