/** Members and parameters whose value is a secret, or can be exchanged for one. */
const SECRETS = new Set([
  ...["access_token", "refresh_token", "id_token", "token", "client_secret"],
  ...["code", "code_verifier", "state"],
]);

/** A header's value without its secret. */
export function maskHeader(name: string, value: string): string {
  if (name.toLowerCase() !== "authorization") return maskJwts(value);
  const [scheme = "", ...credentials] = value.split(" ");
  return `${scheme} ${mask(credentials.join(" "))}`;
}

/** A URL whose query has no secrets. */
export function maskUrl(url: string): string {
  const [path = "", query] = url.split("?");
  return query === undefined ? path : `${path}?${maskForm(query)}`;
}

/** A body as people read it: JSON indented, forms one parameter a line, secrets hidden. */
export function maskBody(body: string, type: string): string {
  if (type.includes("x-www-form-urlencoded")) return maskForm(body).replaceAll("&", "\n");
  try {
    return maskJson(JSON.parse(body));
  } catch {
    return maskJwts(body);
  }
}

/** Indented JSON in which secrets are hidden. @throws TypeError for a value that JSON cannot express. */
export function maskJson(value: unknown): string {
  return maskJwts(JSON.stringify(value, hideSecret, 2));
}

function maskForm(form: string): string {
  return [...new URLSearchParams(form)]
    .map(([name, value]) => `${name}=${hideSecret(name, value)}`)
    .join("&");
}

function hideSecret(name: string, value: unknown): unknown {
  return SECRETS.has(name) && typeof value === "string" ? mask(value) : value;
}

/** JSON Web Tokens may also occur in other texts. */
function maskJwts(text: string): string {
  return text.replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, mask);
}

function mask(secret: string): string {
  return `‹hidden, ${secret.length} characters›`;
}
