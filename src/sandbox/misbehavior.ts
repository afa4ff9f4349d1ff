import { type SimulatedProvider } from './provider-delivery.js';

/**
 * What the stand-in can be told to do wrong with a request:
 * ERROR answers `status` (500) · RATE_LIMIT answers 429 in the provider's words, `retryAfterSeconds` (1) · DELAY answers `ms` late ·
 * CLOSE closes the connection before the body is read · RESET resets it after that, without an answer · HANG never answers ·
 * CALLBACK_FIRST answers only once the first callback about it was delivered.
 */
const MISBEHAVIORS = ['ERROR', 'RATE_LIMIT', 'DELAY', 'CLOSE', 'RESET', 'HANG', 'CALLBACK_FIRST'] as const;
export type MisbehaviorKind = (typeof MISBEHAVIORS)[number];

export interface Misbehavior {
  readonly kind: MisbehaviorKind;
  /** To how many requests it happens: 1 unless said; 0: until it is taken back. */
  readonly times?: number;
  /** Whether what was asked for happens nevertheless: it does after RESET and HANG unless said otherwise, and not after an ERROR. */
  readonly takesEffect?: boolean;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly ms?: number;
  /** Which requests: of a provider (any), with a method (POST), with this in their path (anything). */
  readonly provider?: SimulatedProvider;
  readonly method?: string;
  readonly path?: string;
}

/** What of a request decides whether it is misbehaved to. */
export interface Asked {
  readonly provider: SimulatedProvider;
  readonly method: string;
  readonly path: string;
}

/** What is still to be done wrong, the first told first. */
export class Misbehaviors {
  private pending: { readonly rule: Misbehavior; left: number }[] = [];

  add(rule: Misbehavior): void {
    const { times = 1 } = rule;
    this.pending.push({ rule, left: times === 0 ? Infinity : times });
  }

  /** The one that this request meets, which has then one less to go. */
  take(asked: Asked): Misbehavior | undefined {
    const met = this.pending.find(({ rule }) => meets(rule, asked));
    if (!met) return undefined;
    met.left--;
    if (met.left <= 0) this.pending = this.pending.filter((one) => one !== met);
    return met.rule;
  }

  /** `times`: how many are left, 0 for without end. */
  get all(): readonly Misbehavior[] {
    return this.pending.map(({ rule, left }) => ({ ...rule, times: left === Infinity ? 0 : left }));
  }

  clear(): void {
    this.pending = [];
  }
}

function meets({ provider, method = 'POST', path = '' }: Misbehavior, asked: Asked): boolean {
  return (provider === undefined || provider === asked.provider) && method === asked.method && asked.path.includes(path);
}

/** Whether a request that meets it does what it asks for. */
export function takesEffect({ kind, takesEffect = !['ERROR', 'RATE_LIMIT'].includes(kind) }: Misbehavior): boolean {
  return takesEffect && kind !== 'CLOSE' && kind !== 'RATE_LIMIT';
}

const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  kind: (value) => MISBEHAVIORS.some((kind) => kind === value),
  times: isCount,
  takesEffect: (value) => typeof value === 'boolean',
  status: (value) => isCount(value) && Number(value) >= 400 && Number(value) < 600,
  retryAfterSeconds: isCount,
  ms: isCount,
  provider: (value) => ['TWILIO', 'META', 'SENDGRID'].some((provider) => provider === value),
  method: (value) => typeof value === 'string',
  path: (value) => typeof value === 'string',
};

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 86_400_000;
}

/** What was given as a misbehavior, or the sentence that says what is wrong with it. */
export function readMisbehavior(given: unknown): Misbehavior | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'A misbehavior is an object.';
  if (!('kind' in given)) return `kind is missing: one of ${MISBEHAVIORS.join(', ')}.`;
  for (const [name, value] of Object.entries(given))
    if (!FORMS[name]?.(value)) return `${name} is not one of a misbehavior, or not of its form.`;
  return given as Misbehavior;
}
