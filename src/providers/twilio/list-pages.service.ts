import { outcomeOfFailure } from '../../core/adapters/failed-attempt.js';
import { ListFailed, type ListedItem, type ListedPage } from '../../core/adapters/provider-list.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Declined } from '../../platform/http/web-request.js';
import { TWILIO_ANSWERS } from './twilio-answers.js';

/** Twilio gives up to 1,000; half of that keeps the longest texts within what an answer may have. */
export const PAGE_SIZE = 500;

/** A page as the SDK gives it. */
interface SdkPage<T> {
  readonly instances: T[];
  nextPage(): Promise<SdkPage<T>> | undefined;
}

/** Every page from the first on, as the SDK asks for them. */
export async function* readPages<T>(first: () => Promise<SdkPage<T>>, read: (item: T) => ListedItem | string): AsyncIterable<ListedPage> {
  for (let page: SdkPage<T> | undefined = await asked(first); page;) {
    const items: ListedItem[] = [];
    const problems: string[] = [];
    for (const instance of page.instances) {
      const item = read(instance);
      if (typeof item === 'string') problems.push(item);
      else items.push(item);
    }
    yield { items, problems };
    const next: Promise<SdkPage<T>> | undefined = page.nextPage();
    page = next && (await asked(() => next));
  }
}

/** Throws ListFailed, with what the provider said and when it may be asked again. */
export async function asked<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const outcome = outcomeOfFailure(error, TWILIO_ANSWERS, Date.now());
    const retryAfterMs = outcome.kind === 'NOT_SENT' ? outcome.retryAfterMs : undefined;
    throw new ListFailed(error instanceof Declined ? saidOf(outcome, error) : reasonOf(error), retryAfterMs, { cause: error });
  }
}

function saidOf(outcome: ReturnType<typeof outcomeOfFailure>, { message }: Declined): string {
  if (outcome.kind === 'REFUSED') return `${message}: ${outcome.error.message ?? 'no reason given'} (${outcome.error.code})`;
  return 'reason' in outcome ? outcome.reason : message;
}
