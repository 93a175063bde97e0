"use client";

import "./globals.css";

/** What is left when the frame of the pages broke: no words of any language can be had by then. */
export default function EverythingBroke() {
  return (
    <html lang="en">
      <body className="font-sans antialiased">
        <main role="alert" className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-4 px-5 text-center">
          <h1 className="text-2xl font-semibold">This page could not be shown</h1>
          <p className="text-muted">What you typed is kept. Load it again; if that does not help, come back in a while.</p>
          <button type="button" className="button button-accent button-normal" onClick={() => window.location.reload()}>
            Load it again
          </button>
        </main>
      </body>
    </html>
  );
}
