/** How a provider repeats what it could not deliver. */
export interface RetryPolicy {
  readonly retries: number;
  /** Whether an answer, or none (null), is cause to repeat. */
  readonly repeats: (status: number | null) => boolean;
  /** Before the nth repetition, in multiples of the first pause. */
  readonly pauses: (nth: number) => number;
}

/**
 * SendGrid and Meta: until it is taken, at growing pauses. They go on for a day and for a week; here a dozen times are enough.
 * Source: SendGrid docs, Troubleshooting the Event Webhook; 360dialog on Meta's retries.
 */
export const UNTIL_TAKEN: RetryPolicy = {
  retries: 12,
  repeats: (status) => status === null || status < 200 || status >= 300,
  pauses: (nth) => Math.min(2 ** (nth - 1), 120),
};

/**
 * Twilio: once where the connection failed, unless the URL's fragment says otherwise: `rc`, how often (0 to 5), and `rp`, after what (`ct`,
 * `rt`, `4xx`, `5xx`, `all`). Source: Twilio docs, Webhooks connection overrides.
 */
export function twilioRetries(url: string): RetryPolicy {
  const parameters = new URLSearchParams(url.includes('#') ? url.slice(url.indexOf('#') + 1) : '');
  const [count, after] = [parameters.get('rc'), (parameters.get('rp') ?? 'ct').split(',')];
  const named = (word: string) => after.includes(word) || after.includes('all');
  return {
    retries: count !== null && /^[0-5]$/.test(count) ? Number(count) : 1,
    repeats: (status) => {
      if (status === null) return named('ct') || named('rt');
      return (status >= 400 && status < 500 && named('4xx')) || (status >= 500 && named('5xx'));
    },
    pauses: (nth) => nth,
  };
}

/** `url` as Twilio calls and signs it. */
export const withoutFragment = (url: string): string => url.split('#', 1)[0]!;
