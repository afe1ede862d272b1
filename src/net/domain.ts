/** An https origin, `https://apps.example.com`, or its host's name alone: where a host is asked to show a widget. */
export const DOMAIN = /^(?:https:\/\/)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
