import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

/** The members of a JSON Schema that the form uses. */
interface Property {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** An object schema, as tools have it. */
interface Schema {
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly required?: readonly string[] | undefined;
}

/** A form made from an object schema. Lists and objects are typed as JSON. Children stand beside its button. */
export function SchemaForm(
  { schema, action = "Call", onSubmit, children }: {
    schema: Schema;
    action?: string;
    onSubmit: (args: Record<string, unknown>) => void;
    children?: ComponentChildren;
  },
) {
  const [problem, setProblem] = useState("");
  const properties = Object.entries(schema.properties ?? {}) as [string, Property][];

  function submit(form: HTMLFormElement): void {
    const typed = new FormData(form);
    const args: Record<string, unknown> = {};
    for (const [name, property] of properties) {
      const text = String(typed.get(name) ?? "");
      if (text === "") continue;
      try {
        args[name] = valueOf(property, text);
      } catch {
        return setProblem(`${name} is not JSON.`);
      }
    }
    setProblem("");
    onSubmit(args);
  }

  return (
    <form
      class="schema"
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      {properties.map(([name, property]) => (
        <Field
          key={name}
          name={name}
          property={property}
          required={schema.required?.includes(name) ?? false}
        />
      ))}
      {problem && <p role="alert">{problem}</p>}
      <div class="buttons">
        <button type="submit">{action}</button>
        {children}
      </div>
    </form>
  );
}

function Field({ name, property, required }: { name: string; property: Property; required: boolean }) {
  const id = useId();
  const { title = name, description, minimum, maximum, maxLength } = property;
  const common = { id, name, required, ...(description && { "aria-describedby": `${id}-hint` }) };
  const options = property.type === "boolean" ? [true, false] : property.enum;
  const numeric = property.type === "number" || property.type === "integer";
  return (
    <div class="field">
      <label for={id}>{required ? `${title} *` : title}</label>
      {options
        ? (
          <select {...common}>
            <option value="" />
            {options.map((option) => <option key={String(option)}>{String(option)}</option>)}
          </select>
        )
        : numeric
        ? (
          <input
            {...common}
            type="number"
            step={property.type === "integer" ? 1 : "any"}
            {...(minimum !== undefined && { min: minimum })}
            {...(maximum !== undefined && { max: maximum })}
          />
        )
        : property.type === "string"
        ? <input {...common} autocomplete="off" {...(maxLength !== undefined && { maxLength })} />
        : <textarea {...common} rows={3} placeholder="JSON" />}
      {description && <p class="small" id={`${id}-hint`}>{description}</p>}
    </div>
  );
}

/** @throws SyntaxError where JSON is expected and something else was typed. */
function valueOf(property: Property, text: string): unknown {
  if (property.enum) return property.enum.find((option) => String(option) === text);
  return property.type === "string" ? text : JSON.parse(text);
}
