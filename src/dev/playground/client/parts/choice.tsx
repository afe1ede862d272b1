import { useId } from "preact/hooks";

/** Radio buttons side by side. */
export function Choice<Value extends string>(props: {
  legend: string;
  hint?: string;
  choices: Readonly<Record<Value, string>>;
  value: string;
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      <div class="segments">
        {(Object.entries(props.choices) as [Value, string][]).map(([value, words]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === props.value}
              onChange={() => props.onChange(value)}
            />
            <span>{words}</span>
          </label>
        ))}
      </div>
      {props.hint && <p class="small">{props.hint}</p>}
    </fieldset>
  );
}
