import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inAnyOrder } from './any-order.js';
import { anyBelow } from './invent.service.js';
import { type SimulatedProvider } from './provider-delivery.js';
import { type RetryPolicy } from './retry-policy.js';
import { type StandInMemory } from './stand-in-memory.js';
import { reachable, type StandInSettings } from './stand-in-settings.js';

/** A provider waits no longer for an answer. Source: Twilio docs, Webhooks: 15 s in all. */
const TIME_LIMIT_MS = 15_000;
/** Of a body, for who reads of it later. */
const KEPT_LENGTH = 20_000;

/** One request that a provider makes. */
export interface Callback {
  readonly provider: SimulatedProvider;
  readonly tells: string;
  /** As it was handed out, without its fragment. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly retry: RetryPolicy;
}

export interface CallbackAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a life is told with. */
export interface Tale {
  /** Waits for the next happening. */
  pause(): Promise<void>;
  /** Delivers, after what was told before, as the settings say: twice, in any order, or not at all. */
  tell(callback: Callback): void;
  /** Asks for something, whatever the settings say. Undefined: there was no answer. */
  ask(callback: Callback): Promise<CallbackAnswer | undefined>;
}

/** A life that is being told. */
export interface Playing {
  /** Resolves when its first callback was delivered, or given up, or there was none. */
  readonly firstTold: Promise<void>;
}

/** Tells what happens to what was sent, as the providers do: later, and over HTTP. */
export class Callbacks {
  private readonly playing = new Set<Promise<void>>();
  private readonly failures: unknown[] = [];
  private readonly ending = new AbortController();

  constructor(
    private readonly settings: StandInSettings,
    private readonly memory: StandInMemory,
  ) {
    // One for each life that pauses.
    setMaxListeners(0, this.ending.signal);
  }

  play(life: (tale: Tale) => Promise<void>): Playing {
    const told: Callback[] = [];
    let delivered = Promise.resolve();
    let first = () => {};
    const firstTold = new Promise<void>((resolve) => (first = resolve));
    const deliver = (callback: Callback) => (delivered = delivered.then(() => this.deliver(callback)).then(first));
    const tale: Tale = {
      pause: () => this.pause(this.settings.stepMs),
      tell: (callback) => {
        if (!this.settings.webhooks) return;
        if (this.settings.shuffle) return void told.push(callback);
        for (let times = this.settings.duplicates ? 2 : 1; times > 0; times--) void deliver(callback);
      },
      ask: (callback) => this.deliver(callback).finally(first),
    };
    const whole = life(tale)
      .then(async () => {
        for (const callback of inAnyOrder(told, this.settings.duplicates ? told.length : 0, anyBelow)) void deliver(callback);
        await delivered;
      })
      .catch((error: unknown) => {
        if (!this.ending.signal.aborted) this.failures.push(error);
      })
      .finally(() => {
        first();
        this.playing.delete(whole);
      });
    this.playing.add(whole);
    return { firstTold };
  }

  /** Resolves when all that began is told. Throws what went wrong in telling it. */
  async settle(): Promise<void> {
    while (this.playing.size) await Promise.all(this.playing);
    if (this.failures.length) throw new AggregateError(this.failures.splice(0), 'The stand-in could not tell all that happened.');
  }

  /** Nothing more is told. */
  stop(): void {
    this.ending.abort();
  }

  /** Undefined: given up. */
  private async deliver(callback: Callback): Promise<CallbackAnswer | undefined> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.post(callback, attempt);
      const failed = callback.retry.repeats(answer?.status ?? null);
      if (!failed || attempt > callback.retry.retries) return answer;
      await this.pause(this.settings.retryMs * callback.retry.pauses(attempt));
    }
  }

  private async post({ provider, tells, url, headers, body }: Callback, attempt: number): Promise<CallbackAnswer | undefined> {
    const at = new Date().toISOString();
    const answer = await this.request(url, { method: 'POST', headers, body });
    const status = answer?.status ?? null;
    this.memory.callbacks.add({ at, provider, method: 'POST', url, tells, headers, body: body.slice(0, KEPT_LENGTH), attempt, status });
    return answer;
  }

  /** Fetches a file of the server's own, as a provider does that was given its link. True where it came. */
  async fetchFile(provider: SimulatedProvider, url: string): Promise<boolean> {
    const at = new Date().toISOString();
    const answer = await this.request(url, { method: 'GET' });
    const status = answer?.status ?? null;
    this.memory.callbacks.add({ at, provider, method: 'GET', url, tells: 'a file is fetched', headers: {}, body: '', attempt: 1, status });
    return status === 200;
  }

  private async request(url: string, init: RequestInit): Promise<CallbackAnswer | undefined> {
    const signal = AbortSignal.any([this.ending.signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
    try {
      const response = await fetch(reachable(url, this.settings), { ...init, redirect: 'manual', signal });
      return { status: response.status, text: await response.text() };
    } catch {
      if (this.ending.signal.aborted) throw this.ending.signal.reason;
      return undefined;
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.ending.signal, ref: false });
  }
}
