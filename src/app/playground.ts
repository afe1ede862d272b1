/** What the playground offers to say, and the icon that it shows. Yours to change together with your tools. */
export const playground = {
  prompts: ["Find pepperoni pizza", "Show my past orders"],
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<path d="M3 8q13-8 26 0L16 31z" fill="#c8431d"/><path d="M6 12q10-6 20 0L16 28z" fill="#ffce6b"/>' +
    '<g fill="#c8431d"><circle cx="13" cy="14" r="2.6"/><circle cx="19" cy="17" r="2.2"/>' +
    '<circle cx="16" cy="22" r="1.6"/></g></svg>',
};
