"use client";

import { useEffect, useState } from "react";
import { useDestinations } from "@/components/shell/destinations";
import { late } from "@/components/ui/late";
import { useKeys, useSequence } from "@/lib/keys";
import { useParam, useRouter } from "@/lib/nav";

const Palette = late(() => import("@/components/shell/palette").then((module) => module.Palette));
const KeyList = late(() => import("@/components/shell/key-list").then((module) => module.KeyList));

const REST_MS = 3_000;

type Shown = "palette" | "keys" | null;

/** The keys that work everywhere inside: g and a letter, the list of keys, and the palette. */
export function Shortcuts() {
  const router = useRouter();
  const places = useDestinations();
  const [shown, setShown] = useState<Shown>(null);
  // A review explains its own keys.
  const [mode] = useParam("mode");

  useKeys({ "?": mode !== "review" && (() => setShown("keys")) });
  useSequence("g", Object.fromEntries(places.map(({ key, href }) => [key, () => router.push(href)])));

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      const free = !document.querySelector("[role=dialog][data-state=open]");
      setShown((now) => (now === "palette" ? null : free ? "palette" : now));
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  // What opens at a key or a click is fetched once the page has come to rest, so that it opens at once.
  useEffect(() => {
    const timer = setTimeout(() => {
      // What a network swallows here is fetched when it is wanted.
      import("@/components/ui/dialog-box").catch(() => undefined);
      import("@/components/ui/open-menu").catch(() => undefined);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, []);

  const close = () => setShown(null);
  if (shown === "palette") return <Palette onClose={close} />;
  return shown === "keys" ? <KeyList onClose={close} /> : null;
}
