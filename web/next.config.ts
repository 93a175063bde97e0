import path from "node:path";
import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

/** Where `next dev` finds the API; the built pages are served from the API's own origin. */
const api = process.env.STUDYTEDDY_API ?? "http://127.0.0.1:8000";

const shared: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  turbopack: {
    root: path.resolve(import.meta.dirname),
    // The original injects a <style> element, which the Content-Security-Policy refuses; globals.css does its work.
    resolveAlias: { "react-remove-scroll": "./src/lib/scroll-lock.tsx" },
  },
};

export default function config(phase: string): NextConfig {
  if (phase === PHASE_DEVELOPMENT_SERVER) {
    return { ...shared, rewrites: async () => [{ source: "/api/:path*", destination: `${api}/api/:path*` }] };
  }
  // A fixed build id makes two builds of the same sources equal, byte for byte.
  return { ...shared, output: "export", generateBuildId: () => process.env.WEB_BUILD_ID ?? "dev" };
}
