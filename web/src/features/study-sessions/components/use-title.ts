import { useEffect, useRef } from "react";

/** The window's title while this is shown, and the page's own afterwards. */
export function useTitle(title: string): void {
  const shown = useRef("");
  useEffect(() => {
    const own = document.title;
    return () => {
      // Another page has put its own there by now, or it is still ours to take back.
      if (document.title === shown.current) document.title = own;
    };
  }, []);
  useEffect(() => {
    shown.current = title;
    document.title = title;
  }, [title]);
}
