import type { Access, CallerOf } from "./access.ts";
import { type Complete, type Completion, createCompletion, type RequestContext } from "./completion.ts";
import { parseUriTemplate, type PathVariable, type QueryVariable } from "./uri_template.ts";

/** What a resource is, in one declaration: at one address, or at all those of a template. */
export type ResourceDefinition<A extends Access, Template extends string> =
  & {
    /** For programs; `title` is for people. */
    readonly name: string;
    readonly title: string;
    /** For the model: what it holds and when to read it. */
    readonly description: string;
    readonly mimeType?: string;
    readonly access: A;
  }
  & (
    | {
      readonly uri: string;
      readonly uriTemplate?: never;
      readonly complete?: never;
      read(request: RequestContext<A> & { readonly uri: string }): Readable | Promise<Readable>;
    }
    | {
      /** RFC 6570, in the forms that {@linkcode parseUriTemplate} takes: `notes://{year}/{id}`, `notes://search{?q}`. */
      readonly uriTemplate: Template;
      readonly uri?: never;
      /** Proposes values for its variables. */
      readonly complete?: {
        readonly [Name in PathVariable<Template> | QueryVariable<Template>]?: Complete<
          A,
          PathVariable<Template> | QueryVariable<Template>
        >;
      };
      read(
        request: RequestContext<A> & {
          readonly uri: string;
          /** Percent-decoded, and nothing else is known of them: they may hold slashes and dots. */
          readonly params: UriParams<Template>;
        },
      ): Readable | Promise<Readable>;
    }
  );

/** The variables of a URI; those of a query may be missing. */
export type UriParams<Template extends string> =
  & { readonly [Name in PathVariable<Template>]: string }
  & { readonly [Name in QueryVariable<Template>]?: string };

/** What `read` gives back; undefined means that there is nothing at the URI. */
export type Readable = ResourceContent | readonly ResourceContent[] | undefined;

/** Text or bytes, whose type and address are those of the resource and the request unless it says otherwise. */
export type ResourceContent =
  & { readonly uri?: string; readonly mimeType?: string }
  & ({ readonly text: string; readonly blob?: never } | { readonly blob: Uint8Array; readonly text?: never });

/** One entry of `resources/list` or `resources/templates/list`, and whoever answers `resources/read` for it. */
export interface Resource {
  readonly access: Access;
  /** As listed; `uri` is the current address. */
  readonly descriptor:
    & { readonly name: string; readonly title?: string }
    & ({ readonly uri: string; readonly uriTemplate?: never } | {
      readonly uriTemplate: string;
      readonly uri?: never;
    })
    & Record<string, unknown>;
  /** Open to everyone, and never changes while the server runs, so that its answer can be remembered. */
  readonly fixed?: boolean;
  /** For a template: completes its variables. */
  readonly completion?: Completion;
  /** Whether this resource answers for the URI, which may be an older address of it. */
  matches(uri: string): boolean;
  /**
   * Reads it for a caller that the gate has admitted.
   *
   * @returns Items of `contents`, which may leave out the `uri`; undefined or none when there is nothing.
   */
  read(request: RequestContext & { readonly uri: string }): Contents | Promise<Contents>;
}

type Item = Record<string, unknown> & ({ readonly text: string } | { readonly blob: string });
type Contents = Item | readonly Item[] | undefined;

/**
 * Turns a declaration into a resource. Everyone sees it listed; reading it follows its access. Its answers are asked
 * for anew every time, and no cache may keep them.
 *
 * @throws Error when the URI or its template cannot be used.
 */
export function defineResource<const A extends Access, const Template extends string = never>(
  definition: ResourceDefinition<A, Template>,
): Resource {
  const { name, title, description, mimeType, access } = definition;
  const described = { name, title, description, ...(mimeType !== undefined && { mimeType }) };
  const toItem = ({ blob, text, ...rest }: ResourceContent): Item => ({
    ...(mimeType !== undefined && { mimeType }),
    ...rest,
    ...(blob ? { blob: blob.toBase64() } : { text: text ?? "" }),
  });
  const toItems = (found: Readable) => found && [found].flat().map(toItem);

  if (definition.uri !== undefined) {
    const { uri } = definition;
    if (!URL.canParse(uri)) throw new Error(`Cannot use "${uri}" as a URI: it must be absolute.`);
    return {
      access,
      descriptor: { uri, ...described },
      matches: (candidate) => candidate === uri,
      read: async ({ caller, signal }) =>
        toItems(await definition.read({ uri, caller: caller as CallerOf<A>, signal })),
    };
  }
  const { uriTemplate } = definition;
  const template = parseUriTemplate(uriTemplate);
  return {
    access,
    descriptor: { uriTemplate, ...described },
    completion: createCompletion(template.names, definition.complete),
    matches: (candidate) => template.match(candidate) !== undefined,
    async read({ uri, caller, signal }) {
      const params = template.match(uri) as UriParams<Template> | undefined;
      return params && toItems(await definition.read({ uri, params, caller: caller as CallerOf<A>, signal }));
    },
  };
}
