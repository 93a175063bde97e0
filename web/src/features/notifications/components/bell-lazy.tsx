"use client";

import dynamic from "next/dynamic";

/** Fetched after the page: nobody waits for the count. */
export const Bell = dynamic(() => import("@/features/notifications/components/bell").then((module) => module.Bell), { ssr: false });
