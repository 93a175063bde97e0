"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useGoogleLink, useLinkGoogle, useUnlinkGoogle } from "@/features/account/api/google-link";
import { Section } from "@/features/account/components/settings-section";
import { ENTRY_WORDS } from "@/features/account/components/words";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";
import { Words } from "@/lib/i18n/words";

/** Whether the person can come in by Google, too. */
export default function GoogleLink() {
  return (
    <Words of={ENTRY_WORDS}>
      <Link />
    </Words>
  );
}

function Link() {
  const t = useTranslations("entry");
  const link = useGoogleLink();
  return (
    <Section title={t("google")} lead={t("googleText")}>
      {link.isPending && <ListSkeleton rows={1} />}
      {link.isError && <ErrorState error={link.error} onRetry={() => void link.refetch()} />}
      {link.isSuccess && (link.data ? <Linked email={link.data} /> : <Unlinked />)}
    </Section>
  );
}

function Linked({ email }: { email: string }) {
  const t = useTranslations("entry");
  const say = useFaultText();
  const unlink = useUnlinkGoogle();
  const explain = (error: Error) => (error instanceof ApiProblem && error.code === "no_password" ? t("noPassword") : say(error));
  const end = () => unlink.mutate(undefined, { onSuccess: () => tell(t("unlinked")) });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{t("linkedTo", { email })}</p>
      <Button busy={unlink.isPending} onClick={end}>
        {t("unlink")}
      </Button>
      <p role="alert" className="w-full text-sm text-bad empty:hidden">
        {unlink.error && explain(unlink.error)}
      </p>
    </div>
  );
}

function Unlinked() {
  const t = useTranslations("entry");
  const say = useFaultText();
  const link = useLinkGoogle();
  return (
    <>
      <Button busy={link.isPending || link.isSuccess} onClick={() => link.mutate()}>
        {t("link")}
      </Button>
      <p role="alert" className="mt-2 text-sm text-bad empty:hidden">
        {link.error && say(link.error)}
      </p>
    </>
  );
}
