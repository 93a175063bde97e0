"use client";

import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/page";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useCalendar, useEndCalendar, useNewAddress } from "@/features/notifications/api/calendar";
import { NewAddress, OtherAddress } from "@/features/notifications/components/calendar-dialogs";
import { CALENDAR_WORDS } from "@/features/notifications/components/words";
import { useFaultText } from "@/lib/fault-text";
import { Words } from "@/lib/i18n/words";

/** The address by which calendar programs show what is due. */
export default function CalendarSettings() {
  return (
    <Words of={CALENDAR_WORDS}>
      <CalendarFeed />
    </Words>
  );
}

function CalendarFeed() {
  const t = useTranslations("calendar");
  const feed = useCalendar();
  return (
    <Card>
      <h2 className="text-lg font-semibold">{t("title")}</h2>
      <p className="mb-4 text-[0.95rem] text-muted">{t("lead")}</p>
      {feed.isPending && <ListSkeleton rows={1} />}
      {feed.isError && !feed.data && <ErrorState error={feed.error} onRetry={() => void feed.refetch()} />}
      {feed.data && <Address since={feed.data.active ? feed.data.created_at : null} />}
    </Card>
  );
}

/** `since` is null where there is no feed. */
function Address({ since }: { since: string | null }) {
  const t = useTranslations("calendar");
  const say = useFaultText();
  const format = useFormatter();
  const make = useNewAddress();
  const end = useEndCalendar();
  const [asking, setAsking] = useState(false);
  const [address, setAddress] = useState<string | null>(null);
  const bad = (error: unknown) => tell(say(error), { tone: "bad" });
  const renew = () => {
    setAsking(false);
    make.mutate(undefined, { onSuccess: ({ url }) => setAddress(url), onError: bad });
  };
  return (
    <>
      <p role="status" className="mb-3">
        {since ? t("since", { when: format.dateTime(new Date(since), { dateStyle: "medium", timeStyle: "short" }) }) : t("none")}
      </p>
      <div className="flex flex-wrap gap-3">
        <Button busy={make.isPending} onClick={since ? () => setAsking(true) : renew}>
          {t(since ? "renew" : "make")}
        </Button>
        {since && (
          <Button tone="danger" busy={end.isPending} onClick={() => end.mutate(undefined, { onSuccess: () => tell(t("ended")), onError: bad })}>
            {t("end")}
          </Button>
        )}
      </div>
      {asking && <OtherAddress onRenew={renew} onClose={() => setAsking(false)} />}
      {address && <NewAddress address={address} onClose={() => setAddress(null)} />}
    </>
  );
}
