"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { useProviders } from "@/features/account/api/list-providers";

/** The way in by Google, where this server has one. It leads out of the pages and back to `next`. */
export function GoogleButton({ next }: { next: string }) {
  const t = useTranslations("auth");
  const providers = useProviders();
  if (!providers.data?.google) return null;
  const query = new URLSearchParams({ next, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  return (
    <Button asChild size="large">
      <a href={`/api/v1/auth/google/start?${query}`}>{t("google")}</a>
    </Button>
  );
}
