import type { JSX } from "preact";

/** Two round buttons that lead backwards and forwards; one that leads nowhere is `undefined` and stays as a disabled button. */
export function Steps(props: {
  labels: { previous: string; next: string };
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
}): JSX.Element {
  return (
    <div class="steps">
      <Step label={props.labels.previous} path="M12 4l-6 6 6 6" onClick={props.previous} />
      <Step label={props.labels.next} path="M8 4l6 6-6 6" onClick={props.next} />
    </div>
  );
}

/** One round button with a drawing of 20 by 20 on it. */
export function Step(props: { label: string; path: string; onClick: (() => void) | undefined }): JSX.Element {
  return (
    <button
      type="button"
      class="step"
      aria-label={props.label}
      title={props.label}
      aria-disabled={!props.onClick}
      onClick={props.onClick}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={props.path} />
      </svg>
    </button>
  );
}
