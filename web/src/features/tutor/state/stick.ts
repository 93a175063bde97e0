import { useCallback, useEffect, useRef, useState } from "react";

const NEAR_PX = 48;

/** Keep a scrolling box at its end while it grows, as long as it stands there; whoever scrolls up is left in peace. */
export function useStick() {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    stuck.current = true;
    setAtEnd(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  useEffect(() => {
    const outer = box.current;
    const inner = content.current;
    if (!outer || !inner) return;
    let last = 0;
    const scrolled = () => {
      const near = outer.scrollHeight - outer.scrollTop - outer.clientHeight < NEAR_PX;
      // Growing moves the end away without anybody's scrolling up.
      if (near) stuck.current = true;
      else if (outer.scrollTop < last) stuck.current = false;
      last = outer.scrollTop;
      setAtEnd(near || stuck.current);
    };
    const grown = new ResizeObserver(() => {
      if (stuck.current) outer.scrollTop = outer.scrollHeight;
      else scrolled();
    });
    outer.addEventListener("scroll", scrolled, { passive: true });
    grown.observe(inner);
    grown.observe(outer);
    return () => {
      outer.removeEventListener("scroll", scrolled);
      grown.disconnect();
    };
  }, []);
  return { box, content, atEnd, toEnd };
}
