"use client";

import { KeyRound } from "lucide-react";
import { useRef, useState, type FormEvent } from "react";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useApiTokens, useDeleteApiToken, useMakeApiToken, type ApiToken } from "@/features/account/api/api-tokens";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

const MOST_LETTERS = 100;

/** Tokens for scripts: made, shown once, deleted. */
export function ApiTokens() {
  const t = useTranslations("settings");
  const tokens = useApiTokens();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      {tokens.isPending && <ListSkeleton rows={1} />}
      {tokens.isError && !tokens.data && <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {tokens.data && tokens.data.items.length > 0 && (
        <ul aria-label={t("tokens")} className="mb-4 flex flex-col divide-y divide-line">
          {tokens.data.items.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      )}
      <NewToken onMade={setSecret} />
      <Dialog open={secret !== null} onOpenChange={(open) => !open && setSecret(null)} title={t("tokenMade")} description={t("tokenOnce")}>
        <div className="flex items-center gap-2 rounded-lg bg-sunken py-2 pl-3 pr-2">
          <code className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{secret}</code>
          <CopyButton text={secret ?? ""} />
        </div>
      </Dialog>
    </>
  );
}

function NewToken({ onMade }: { onMade: (secret: string) => void }) {
  const t = useTranslations("settings");
  const say = useFaultText();
  const place = useRef<HTMLFormElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const make = useMakeApiToken();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const name = String(given.get("token_name") ?? "").trim();
    setFault(name ? null : t("needTokenName"));
    const field = place.current?.querySelector<HTMLElement>("[name=token_name]");
    if (!name) return field?.focus();
    try {
      const made = await make.mutateAsync({ name, scopes: given.get("scope") === "write" ? ["read", "write"] : ["read"] });
      place.current?.reset();
      onMade(made.token);
    } catch (error) {
      setFault((error instanceof ApiProblem && error.fields.name) || say(error));
      field?.focus();
    }
  };
  return (
    <form ref={place} noValidate onSubmit={submit} className="grid items-start gap-3 sm:grid-cols-[1fr_auto_auto]">
      <Field label={t("tokenName")} fault={fault}>
        {(wiring) => <Input {...wiring} name="token_name" autoComplete="off" maxLength={MOST_LETTERS} placeholder={t("tokenExample")} />}
      </Field>
      <Field label={t("tokenScope")}>
        {(wiring) => (
          <Select {...wiring} name="scope" defaultValue="read">
            <option value="read">{t("scopes.read")}</option>
            <option value="write">{t("scopes.write")}</option>
          </Select>
        )}
      </Field>
      <Button type="submit" className="h-11 sm:mt-[1.65rem]" busy={make.isPending}>
        {t("makeToken")}
      </Button>
    </form>
  );
}

function TokenRow({ token }: { token: ApiToken }) {
  const t = useTranslations("settings");
  const say = useFaultText();
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const remove = useDeleteApiToken();
  const used = token.last_used_at ? t("lastUsed", { when: format.relativeTime(new Date(token.last_used_at), now) }) : t("neverUsed");
  const end = () =>
    remove.mutate(token.id, {
      onSuccess: () => tell(t("tokenDeleted", { name: token.name })),
      onError: (error) => tell(say(error), { tone: "bad" }),
    });
  return (
    <li className="flex items-center gap-3 py-3 first:pt-0">
      <KeyRound className="size-5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="[overflow-wrap:anywhere]">{token.name}</p>
        <p className="text-sm text-muted">
          {t(token.scopes.includes("write") ? "scopes.write" : "scopes.read")} · {used}
        </p>
      </div>
      <Button size="small" busy={remove.isPending} onClick={end} aria-label={t("deleteToken", { name: token.name })}>
        {t("end")}
      </Button>
    </li>
  );
}
