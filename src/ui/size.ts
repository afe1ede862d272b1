/// <reference lib="dom" />

/**
 * Reports the page's size in CSS pixels now and whenever its content changes, at most once per frame (VIEW-05).
 * Returns a function that ends it.
 */
export function observeSize(report: (size: { width: number; height: number }) => void): () => void {
  const page = document.documentElement;
  let last = "";
  let frame = 0;
  const measure = () => {
    const width = innerWidth;
    const height = Math.ceil(page.getBoundingClientRect().height);
    if (last === (last = `${width}x${height}`)) return;
    report({ width, height });
  };
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(measure);
  });
  observer.observe(page);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
