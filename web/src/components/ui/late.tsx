import { useEffect, useState, type ComponentType, type ReactNode } from "react";

const RETRY_MS = 5_000;

/**
 * A part whose file is fetched when it is first shown; until then `instead` stands there, or nothing. With `React.lazy`
 * a file that a network swallowed breaks the page, and for good: here it is asked for again.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let fetched: ComponentType<Props> | null = null;

  return function Late({ instead = null, ...props }: Props & { instead?: ReactNode }): ReactNode {
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
        if (!gone) timer = setTimeout(() => setTries((count) => count + 1), RETRY_MS);
      };
      load().then(there, again);
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, [Part, tries]);
    return Part ? <Part {...(props as Props)} /> : instead;
  };
}
