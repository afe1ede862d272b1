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
<style>${css}</style>
</head>
<body>
<main id="root"></main>
<script type="module">${inert(script)}</script>
</body>
</html>
`;
}

/** A script element ends at `</script` and changes its parsing at `<!--`, even inside a string: hide both. */
function inert(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, "\\x3C");
}
