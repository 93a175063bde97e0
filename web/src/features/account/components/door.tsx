"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Logo } from "@/components/shell/logo";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { DoorNotice } from "@/features/account/components/door-notice";
import { GoogleButton } from "@/features/account/components/google-button";
import { ThresholdLink } from "@/features/account/components/threshold";
import { ApiProblem } from "@/lib/api/problem";
import { begin, logIn, register, useSession } from "@/lib/auth/session";
import { useFaultText } from "@/lib/fault-text";
import { ownPath, useRouter } from "@/lib/nav";

type Faults = Partial<Record<"email" | "password" | "display_name" | "form", string>>;

const LEAST_PASSWORD = 10;

/** The form of the log-in, or with `isNew` of the registration. */
export function Door({ isNew }: { isNew: boolean }) {
  const t = useTranslations("auth");
  const say = useFaultText();
  const router = useRouter();
  const parameters = useSearchParams();
  const next = ownPath(parameters.get("next"));
  const inside = useSession((session) => session.status === "in");
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);

  useEffect(() => void begin().catch(() => undefined), []);
  // Somebody who is inside already comes here to be told what went wrong; after a log-in there is nothing to tell.
  const [entered, setEntered] = useState(false);
  const staysToRead = inside && parameters.has("problem") && !entered;
  useEffect(() => {
    if (inside && !staysToRead) router.replace(next);
  }, [inside, staysToRead, next, router]);

  const refuse = (found: Faults) => {
    setFaults(found);
    const first = (["display_name", "email", "password"] as const).find((name) => found[name]);
    if (first) (form.current?.elements.namedItem(first) as HTMLInputElement | null)?.focus();
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [email, password, name] = ["email", "password", "display_name"].map((key) => String(given.get(key) ?? ""));
    const found = missing({ email: email!.trim(), password: password!, name: isNew ? name!.trim() : null }, t);
    if (Object.keys(found).length > 0) return refuse(found);
    setFaults({});
    setBusy(true);
    setEntered(true);
    try {
      if (isNew) {
        const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        await register({ email: email!.trim(), password: password!, display_name: name!.trim(), time_zone });
      } else {
        await logIn(email!.trim(), password!);
      }
    } catch (error) {
      refuse(explained(error, t("wrong"), say));
    } finally {
      setBusy(false);
    }
  };

  const query = next === "/today" ? "" : `?next=${encodeURIComponent(next)}`;
  const entrance = (
    <>
      <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {isNew && (
          <Field label={t("name")} fault={faults.display_name}>
            {(wiring) => <Input {...wiring} name="display_name" autoComplete="name" maxLength={100} />}
          </Field>
        )}
        <Field label={t("email")} fault={faults.email}>
          {(wiring) => <Input {...wiring} name="email" type="email" autoComplete="username" inputMode="email" />}
        </Field>
        <Field label={t("password")} hint={isNew ? t("passwordHint") : undefined} fault={faults.password}>
          {(wiring) => (
            <Input {...wiring} name="password" type="password" autoComplete={isNew ? "new-password" : "current-password"} />
          )}
        </Field>
        <p role="alert" className="text-sm text-bad empty:hidden">
          {faults.form}
        </p>
        <Button type="submit" tone="accent" size="large" busy={busy}>
          {t(isNew ? "register" : "login")}
        </Button>
      </form>
      <GoogleButton next={next} />
      {!isNew && <ThresholdLink href="/forgot">{t("forgot")}</ThresholdLink>}
      <Link
        href={(isNew ? "/login" : "/register") + query}
        prefetch={false}
        className="self-center rounded text-[0.95rem] text-accent underline-offset-4 hover:underline"
      >
        {t(isNew ? "toLogin" : "toRegister")}
      </Link>
    </>
  );
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-7 px-5 py-10">
      <Link href="/" prefetch={false} className="self-center rounded-full" aria-label="Study Teddy">
        <Logo className="size-12 text-accent" />
      </Link>
      <h1 className="text-center text-2xl font-semibold">{t(isNew ? "registerTitle" : "loginTitle")}</h1>
      <DoorNotice />
      {staysToRead ? <ThresholdLink href={next}>{t("goOn")}</ThresholdLink> : entrance}
    </main>
  );
}

type Words = ReturnType<typeof useTranslations<"auth">>;

function missing(given: { email: string; password: string; name: string | null }, t: Words): Faults {
  const faults: Faults = {};
  if (given.name === "") faults.display_name = t("needName");
  if (!given.email) faults.email = t("needEmail");
  if (!given.password) faults.password = t("needPassword");
  else if (given.name !== null && given.password.length < LEAST_PASSWORD) faults.password = t("shortPassword");
  return faults;
}

function explained(error: unknown, wrong: string, say: (error: unknown) => string): Faults {
  if (error instanceof ApiProblem) {
    if (Object.keys(error.fields).length > 0) return error.fields;
    if (error.status === 401) return { form: wrong };
  }
  return { form: say(error) };
}
