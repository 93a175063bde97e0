/** The bear, drawn with the colours of the text around it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className={className}>
      <circle cx="8" cy="8" r="5" fill="currentColor" />
      <circle cx="24" cy="8" r="5" fill="currentColor" />
      <circle cx="16" cy="17" r="12" fill="currentColor" />
      <ellipse cx="16" cy="21.5" rx="5.5" ry="4.5" fill="var(--surface)" />
      <circle cx="11.5" cy="14.5" r="1.6" fill="var(--surface)" />
      <circle cx="20.5" cy="14.5" r="1.6" fill="var(--surface)" />
      <path d="M14.4 19.6h3.2L16 21.4z" fill="currentColor" />
    </svg>
  );
}
