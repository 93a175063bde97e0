import { useEffect, useState, type RefObject } from "react";

/** The words that are selected within a place, nothing for those elsewhere. */
export function useSelected(place: RefObject<HTMLElement | null>): string {
  const [text, setText] = useState("");
  useEffect(() => {
    const look = () => {
      const selection = document.getSelection();
      const inside = (node: Node | null) => node !== null && (place.current?.contains(node) ?? false);
      setText(selection && inside(selection.anchorNode) && inside(selection.focusNode) ? selection.toString().trim() : "");
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [place]);
  return text;
}
