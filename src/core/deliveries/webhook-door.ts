/** Metadata: the door of a webhook's controller method, where it is a further one. */
export const WEBHOOK_DOOR = Symbol('WEBHOOK_DOOR');

/** A door below the channel's own, such as `:provider/inbound`; what it wants, the adapter says under the same name. */
export interface WebhookDoorOptions {
  readonly name: string;
  /** Its providers drop for good what gets a 4xx: what elsewhere is 404 or 429 is 503 here. */
  readonly dropsAt4xx?: boolean;
  /** A body larger is 413; absent: the usual limit. */
  readonly bodyLimitBytes?: number;
}
