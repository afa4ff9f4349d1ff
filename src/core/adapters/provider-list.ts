import { type ActivityDraft, type DraftAttachment, type DraftEvent } from './activity-draft.js';
import { type Channel } from './channel.js';

/** Times by the provider's clock. */
export interface ListWindow {
  readonly from: Date;
  /** Absent: until now. */
  readonly until?: Date;
}

/** Whom it went to, as a draft's facts have it. */
export interface ListedTo {
  readonly channel: Channel;
  readonly address: string;
}

/** A message, call or recording as the provider's list has it. */
export interface ListedItem {
  /** A draft of each of `events`, but for what happened. */
  readonly about: Omit<ActivityDraft, 'index' | 'event'>;
  /**
   * What it came to, each as a webhook would have told it, with a key that begins with `LIST`: of the same happening the webhook's key has `webhook/`
   * there instead. Nothing that no webhook of the same happening tells (metadata, an error's sentence), or every item would seem to be news.
   * None while it is under way: its webhooks may still come.
   */
  readonly events: readonly DraftEvent[];
  /** When the provider made it. */
  readonly createdAt: Date;
  /** When the provider last changed it. */
  readonly changedAt: Date;
  /** Whether there are files of it, which `files` lists. */
  readonly hasFiles: boolean;
}

export interface ListedPage {
  readonly items: readonly ListedItem[];
  /** Of items that could not be understood: what was wrong. */
  readonly problems: readonly string[];
}

/** What a provider still knows of an account, listed by its official SDK. Each throws ListFailed. */
export interface ProviderList {
  /** Whose messages or calls are listed; an item says which of them it is of. */
  readonly channels: readonly Channel[];
  /** Page by page, as many as there are. `to`: those to that address alone. */
  pages(accountId: string, window: ListWindow, to?: ListedTo): AsyncIterable<ListedPage>;
  /** One request, or a few. */
  files(item: ListedItem, accountId: string): Promise<readonly DraftAttachment[]>;
}

/** The provider did not list, or not all. */
export class ListFailed extends Error {
  constructor(
    reason: string,
    /** Not to be asked again before. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.name = 'ListFailed';
  }
}

/** How the keys of what a list tells begin, and those of what webhooks tell. */
export const LIST = 'list/';
export const WEBHOOK = 'webhook/';

export const isListed = ({ key }: Pick<DraftEvent, 'key'>): boolean => key.startsWith(LIST);

/** The key by which the list tells what a webhook tells with this one; undefined of what no webhook tells. */
export function listKeyOf(key: string): string | undefined {
  return key.startsWith(WEBHOOK) ? LIST + key.slice(WEBHOOK.length) : undefined;
}
