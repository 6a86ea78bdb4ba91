import { defineConfig } from "@playwright/test";

// Debian's Chromium: Playwright's own download is not needed.
const chromium = {
  browserName: "chromium",
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  },
};

export default defineConfig({
  testDir: "tests",
  timeout: 60_000,
  workers: 1,
  // Two cores carry the broker, the browser and the clients: a test may once be starved of time.
  retries: 2,
  reporter: "line",
  outputDir: "test-results",
  use: { baseURL: process.env.FRESHET_CONSOLE, viewport: { width: 1440, height: 900 }, ...chromium },
  projects: [
    { name: "script", testIgnore: /no-script/ },
    { name: "no-script", testMatch: /no-script/, use: { javaScriptEnabled: false } },
  ],
});
