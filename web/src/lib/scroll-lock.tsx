import { Slot } from "radix-ui";
import { forwardRef, type ComponentPropsWithoutRef } from "react";

type Props = ComponentPropsWithoutRef<"div"> & {
  as?: unknown;
  allowPinchZoom?: boolean;
  shards?: unknown;
  enabled?: boolean;
  removeScrollBar?: boolean;
};

/**
 * Stands in for react-remove-scroll, which every modal piece of Radix wraps its content in. It passes its child
 * through: `globals.css` keeps the page from scrolling while a dialog is open, without an injected style.
 */
export const RemoveScroll = forwardRef<HTMLDivElement, Props>(function RemoveScroll(
  { as: _as, allowPinchZoom: _pinch, shards: _shards, enabled: _enabled, removeScrollBar: _bar, ...props },
  ref,
) {
  return <Slot.Root ref={ref} {...props} />;
});

export default RemoveScroll;
