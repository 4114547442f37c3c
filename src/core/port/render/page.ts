/** How a page is shown. */
export interface PageHost {
  /** Content of the page's security policy. */
  policy: string;
  /** Number that lets the page's own style and script pass the policy; empty where the policy lets them pass anyway. */
  nonce: string;
  /** Runs in the page; what the places of the page do when they are chosen. Without it they are plain text. */
  script?: string;
  /** Name of the product's commands that stand at the top: what they are called, and what the script is told. */
  actions?: readonly { title: string; action: string }[];
}

/** The policy of a page that needs nothing else: opened from a disk, offline. */
export const OFFLINE: PageHost = {
  policy: "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
  nonce: '',
};

/** The buttons at the top of a page that can do something. */
export const actionsOf = ({ actions, script }: PageHost): string =>
  script === undefined || actions === undefined || actions.length === 0
    ? ''
    : `<p class="actions">${actions.map(({ title, action }) => `<button data-action="${escapeHtml(action)}">${escapeHtml(title)}</button>`).join('')}</p>\n`;

/** Text as HTML. */
export const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!);
