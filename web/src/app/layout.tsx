import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "./globals.css";
import { Toaster } from "@/components/ui/toaster-lazy";
import { LanguageProvider } from "@/lib/i18n/provider";
import { ServerState } from "@/lib/query";

export const metadata: Metadata = {
  title: { default: "Study Teddy", template: "%s · Study Teddy" },
  description: "Read, ask, make cards, review and plan in one place. Every answer names the page it comes from.",
  applicationName: "Study Teddy",
  manifest: "/manifest.webmanifest",
  icons: { icon: "/icon.svg", apple: "/apple-touch-icon.png" },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf8f4" },
    { media: "(prefers-color-scheme: dark)", color: "#171411" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Blocking on purpose: it chooses the theme before anything is painted. */}
        {/* eslint-disable-next-line @next/next/no-sync-scripts */}
        <script src="/theme.js" />
      </head>
      <body className="font-sans antialiased">
        <ServerState>
          <LanguageProvider>
            {children}
            <Toaster />
          </LanguageProvider>
        </ServerState>
      </body>
    </html>
  );
}
