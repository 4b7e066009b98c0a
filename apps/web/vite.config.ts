import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, reportCompressedSize: false },
  server: {
    proxy: {
      "/_matrix": "http://127.0.0.1:8008",
      "/_croft": "http://127.0.0.1:8008",
      "/readyz": "http://127.0.0.1:8008",
    },
  },
});
