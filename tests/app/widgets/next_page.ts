import type { OpenWidget } from "./widget_page.ts";

/** Turns to the widget's next page; false when it shows the last one, or all there is. */
export async function nextPage({ frame }: OpenWidget): Promise<boolean> {
  const next = frame.locator('.steps .steps .step:last-child[aria-disabled="false"]');
  const more = await next.count() > 0;
  if (more) await next.click();
  return more;
}
