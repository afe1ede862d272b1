/**
 * One widget as a complete HTML5 document that needs nothing from anywhere (UI-03, UI-10).
 * Styles and script are inlined, so the default MCP Apps content security policy is enough.
 */
export function page(name: string, css: string, script: string): string {
  const words = name.replaceAll("-", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${css.replaceAll(/(--[\w-]+:) ([^;}"']*)/g, tight)}</style>
</head>
<body>
<main id="root"></main>
<script type="module">${
    inert(script.replaceAll(/(?<!\\)\\[ux]((?<=u)[0-9a-f]{4}|(?<=x)[0-9a-f]{2})/gi, unescaped))
  }</script>
</body>
</html>
`;
}

/** Bundlers leave the values of custom properties as they are written. */
function tight(_: string, name: string, value: string): string {
  return name + value.replaceAll(", ", ",");
}

/** Bundlers escape each letter beyond ASCII to six bytes, where most need two. */
function unescaped(escape: string, hex: string): string {
  const letter = String.fromCharCode(parseInt(hex, 16));
  return /[^\0-\x7f]/.test(letter) && /[\p{L}\p{M}\p{P}]/u.test(letter) ? letter : escape;
}

/** A script element ends at `</script` and changes its parsing at `<!--`, even inside a string: hide both. */
function inert(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, "\\x3C");
}
