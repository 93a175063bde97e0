"use client";

import { useTranslations } from "use-intl";
import { useDestinations } from "@/components/shell/destinations";
import { Dialog } from "@/components/ui/dialog";

type Line = { keys: string[]; does: string };

/** Which key does what, wherever somebody is. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell");
  const places = useDestinations();
  const everywhere: Line[] = [
    { keys: ["Ctrl+K"], does: t("does.palette") },
    { keys: ["?"], does: t("does.keys") },
    ...places.map((place) => ({ keys: ["g", place.key], does: t("goTo", { place: t(place.name) }) })),
  ];
  const lists: Line[] = [
    { keys: ["j"], does: t("does.down") },
    { keys: ["k"], does: t("does.up") },
    { keys: ["Enter"], does: t("does.open") },
    { keys: ["x"], does: t("does.check") },
    { keys: ["←", "→"], does: t("does.reader") },
  ];
  return (
    <Dialog open isText onOpenChange={(open) => !open && onClose()} title={t("keys")} description={t("keysText")}>
      <Lines title={t("anywhere")} lines={everywhere} />
      <Lines title={t("inLists")} lines={lists} />
    </Dialog>
  );
}

function Lines({ title, lines }: { title: string; lines: Line[] }) {
  return (
    <section className="mb-5 last:mb-0">
      <h3 className="mb-2 text-sm font-medium text-muted">{title}</h3>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {lines.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded border border-line-strong bg-sunken px-2 py-0.5 font-mono text-sm">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
