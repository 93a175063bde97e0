import { useEffect, useState, type ComponentType, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { tell } from "@/components/ui/notes";

const RETRY_MS = 5_000;

/**
 * A part whose file is fetched when it is first shown; until then `instead` stands there, or nothing. With `React.lazy`
 * a file that a network swallowed breaks the page, and for good: here that is told and it is asked for again. What comes
 * `unasked` is missed by nobody, and nothing is told of it.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>, { unasked = false } = {}) {
  let fetched: ComponentType<Props> | null = null;

  return function Late({ instead = null, ...props }: Props & { instead?: ReactNode }): ReactNode {
    const t = useTranslations("ui");
    const [Part, setPart] = useState<ComponentType<Props> | null>(() => fetched);
    const [tries, setTries] = useState(0);
    useEffect(() => {
      if (Part) return;
      let gone = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const there = (part: ComponentType<Props>) => {
        fetched = part;
        if (!gone) setPart(() => part);
      };
      const again = () => {
        if (gone) return;
        if (tries === 0 && !unasked) tell(t("notLoaded"), { tone: "bad" });
        timer = setTimeout(() => setTries((count) => count + 1), RETRY_MS);
      };
      load().then(there, again);
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, [Part, tries, t]);
    return Part ? <Part {...(props as Props)} /> : instead;
  };
}
