/** The mark of the page. */
export function Slice() {
  return (
    <svg class="slice" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 8q13-8 26 0L16 31z" fill="#c8431d" />
      <path d="M6 12q10-6 20 0L16 28z" fill="#ffce6b" />
      <circle cx="13" cy="14" r="2.6" fill="#c8431d" />
      <circle cx="19" cy="17" r="2.2" fill="#c8431d" />
      <circle cx="16" cy="22" r="1.6" fill="#c8431d" />
    </svg>
  );
}
