"use client";

import { useTranslations } from "use-intl";
import type { Preferences } from "@/features/notifications/api/notifications";

/** Those that are told today; the server may know more. */
const KINDS = ["task_due", "reviews_due", "weekly_digest", "document_ready", "document_failed", "leech"] as const;
const CHANNELS = ["in_app", "email"] as const;

type Switches = Preferences["switches"];

/** Which kind is told where. */
export function Kinds({ switches, onChange }: { switches: Switches; onChange: (switches: Switches) => void }) {
  const t = useTranslations("notifications");
  return (
    <table className="w-full text-left text-[0.97rem]">
      <caption className="sr-only">{t("kindsCaption")}</caption>
      <thead>
        <tr className="text-sm text-muted">
          <th scope="col" className="py-1 font-medium">
            {t("about")}
          </th>
          {CHANNELS.map((channel) => (
            <th key={channel} scope="col" className="w-20 py-1 text-center font-medium">
              {t(`channels.${channel}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line border-t border-line">
        {KINDS.map((kind) => (
          <tr key={kind}>
            <th scope="row" className="py-2 pr-2 font-normal">
              {t(`kinds.${kind}`)}
            </th>
            {CHANNELS.map((channel) => (
              <td key={channel} className="text-center align-middle">
                <input
                  type="checkbox"
                  aria-label={t("tellBy", { kind: t(`kinds.${kind}`), channel: t(`channels.${channel}`) })}
                  className="size-6 align-middle accent-accent"
                  checked={switches[kind]?.[channel] ?? false}
                  onChange={(event) => {
                    const before = switches[kind] ?? { in_app: false, email: false };
                    onChange({ ...switches, [kind]: { ...before, [channel]: event.target.checked } });
                  }}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
