/**
 * Reports the page's size in CSS pixels now and whenever its content changes, once for changes that come together
 * (VIEW-05). Returns a function that ends it.
 */
export function observeSize(report: (size: { width: number; height: number }) => void): () => void {
  const page = document.documentElement;
  let last = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const measure = () => {
    const width = innerWidth;
    const height = Math.ceil(page.getBoundingClientRect().height);
    if (last === (last = `${width}x${height}`)) return;
    report({ width, height });
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(measure);
  };
  const resizes = new ResizeObserver(schedule);
  resizes.observe(page);
  // A frame outside the screen is not drawn, so neither a ResizeObserver nor an animation frame runs in it until the
  // reader arrives, and the conversation would grow under their eyes: the elements are watched as well.
  const mutations = new MutationObserver(schedule);
  mutations.observe(page, { subtree: true, childList: true, characterData: true, attributes: true });
  schedule();
  return () => {
    clearTimeout(timer);
    resizes.disconnect();
    mutations.disconnect();
  };
}
