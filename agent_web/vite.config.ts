import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds an office to talk to. */
const OFFICE = loadEnv("development", ".", "AGENT_WEB_")["AGENT_WEB_OFFICE"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "chrome120",
    assetsInlineLimit: 0, // a data: address would break `default-src 'self'`
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
  },
  server: {
    proxy: {
      "/api": OFFICE,
      "/ws": { target: OFFICE, ws: true },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
