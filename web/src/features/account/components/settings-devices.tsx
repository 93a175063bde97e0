"use client";

import { LogOut, MonitorSmartphone } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import type { Device } from "@/features/account/api/account";
import { useEndDevice } from "@/features/account/api/end-device";
import { useDevices } from "@/features/account/api/list-devices";
import { deviceName } from "@/lib/device-name";
import { logOut } from "@/lib/auth/session";
import { useFaultText } from "@/lib/fault-text";

/** Where the person is logged in, and how to end that here, there or everywhere. */
export function Devices() {
  const t = useTranslations("settings");
  const devices = useDeferredValue(useDevices());
  return (
    <>
      {devices.isPending && <ListSkeleton rows={2} />}
      {devices.isError && !devices.data && <ErrorState error={devices.error} onRetry={() => void devices.refetch()} />}
      {devices.data && (
        <ul aria-label={t("devices")} className="flex flex-col divide-y divide-line">
          {devices.data.items.map((device) => (
            <DeviceRow key={device.id} device={device} />
          ))}
        </ul>
      )}
      <Leave />
    </>
  );
}

function DeviceRow({ device }: { device: Device }) {
  const t = useTranslations("settings");
  const say = useFaultText();
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const end = useEndDevice();
  const told = deviceName(device.device);
  const name = told ? (told.system ? t("browserOn", { browser: told.browser, system: told.system }) : told.browser) : t("unknownDevice");
  const stop = () =>
    end.mutate(device.id, {
      onSuccess: () => tell(t("ended", { name })),
      onError: (error) => tell(say(error), { tone: "bad" }),
    });
  return (
    <li className="flex items-center gap-3 py-3 first:pt-0">
      <MonitorSmartphone className="size-5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="[overflow-wrap:anywhere]">{name}</p>
        <p className="text-sm text-muted">
          {device.current ? t("thisDevice") : t("lastUsed", { when: format.relativeTime(new Date(device.last_used_at), now) })}
        </p>
      </div>
      {!device.current && (
        <Button size="small" busy={end.isPending} onClick={stop} aria-label={t("endNamed", { name })}>
          {t("end")}
        </Button>
      )}
    </li>
  );
}

function Leave() {
  const t = useTranslations("settings");
  const say = useFaultText();
  const [busy, setBusy] = useState(false);
  const leave = async (everywhere: boolean) => {
    setBusy(true);
    try {
      await logOut(everywhere);
    } catch (error) {
      tell(say(error), { tone: "bad" });
      setBusy(false);
    }
  };
  return (
    <div className="mt-4 flex flex-wrap gap-3">
      <Button busy={busy} onClick={() => void leave(false)}>
        <LogOut aria-hidden /> {t("logOut")}
      </Button>
      <Button tone="danger" busy={busy} onClick={() => void leave(true)}>
        {t("logOutEverywhere")}
      </Button>
    </div>
  );
}
