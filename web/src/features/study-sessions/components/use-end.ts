import { useEffect, useRef } from "react";
import { tell } from "@/components/ui/notes";

/** Tell once that a time has run out, if it does so while one watches. */
export function useEnd(secondsLeft: number, text: string): void {
  const before = useRef(secondsLeft);
  useEffect(() => {
    if (before.current > 0 && secondsLeft <= 0) tell(text);
    before.current = secondsLeft;
  }, [secondsLeft, text]);
}
