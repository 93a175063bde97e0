type ClassName = string | false | null | undefined;

/** Class names put together. What a component looks like by itself lies in a layer below (globals.css): a name given to it wins. */
export function cn(...names: ClassName[]): string {
  return names.filter(Boolean).join(" ");
}
