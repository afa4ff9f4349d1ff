import { type ActivityListener, listenForActivity, readHead } from './activity-listener.service.js';
import { CommandError } from './command-error.js';
import { type HeardActivity, type HeardItem } from './heard-item.js';
import { type Connection } from './running-server.service.js';
import { ending, isOver } from './send-ending.js';

const LOOK_EVERY_MS = 1_000;
const TELL_EVERY_MS = 10_000;
/** Twilio's longest call. */
const LONGEST_CALL_MS = 4 * 60 * 60 * 1000;

/** What becomes of a send, heard on a subscription that was live before it was asked for. */
export class SendWatch {
  /** What was heard before it was known whose it is. */
  private early: HeardItem[] = [];
  private readonly followed = new Map<string, HeardActivity>();
  /** The status each was last told to have. */
  private readonly toldOf = new Map<string, string | null>();
  /** Each with each status that it was accepted with, or that was heard of it since. */
  private readonly known = new Set<string>();
  private startedMs = 0;
  private heardMs = 0;

  private constructor(private readonly listener: ActivityListener) {}

  /** Throws CommandError where nothing could be heard. */
  static async open(connection: Connection, organizationId: string, channel: string): Promise<SendWatch> {
    const after = await readHead(connection, organizationId);
    const watch: SendWatch = new SendWatch(
      listenForActivity(connection, { channel, organizationId, after, hear: (item) => watch.hear(item) }),
    );
    await watch.listener.live.catch((error: unknown) => {
      watch.close();
      throw error;
    });
    return watch;
  }

  /**
   * Tells each step of what was accepted until all have ended, or nothing was heard for `waitMs`. Throws CommandError where one did not go well,
   * or had not left.
   */
  async follow(accepted: readonly HeardActivity[], startedMs: number, waitMs: number): Promise<void> {
    this.startedMs = startedMs;
    this.heardMs = performance.now();
    for (const activity of accepted) {
      this.followed.set(activity.id, activity);
      this.known.add(`${activity.id} ${activity.status}`);
    }
    for (const item of this.early.splice(0)) this.tell(item);
    if (!this.over) await this.wait(waitMs);
    this.conclude(waitMs);
  }

  close(): void {
    this.listener.close();
  }

  private hear(item: HeardItem): boolean {
    if (!this.followed.size) this.early.push(item);
    else this.tell(item);
    return this.followed.size > 0 && this.over;
  }

  private get over(): boolean {
    // An item may bring its activity as it is by then: the step that ended it is still to be heard.
    return [...this.followed.values()].every(({ id, status }) => isOver(status) && this.known.has(`${id} ${status}`));
  }

  private tell({ event, activity, atMs }: HeardItem): void {
    const before = this.followed.get(activity.id);
    if (!before) return;
    this.followed.set(activity.id, activity);
    this.heardMs = performance.now();
    if (event?.status) this.known.add(`${activity.id} ${event.status}`);
    // Two may say the same: the provider's answer, and its callback.
    if (!event || (event.kind === 'STATUS' && event.status === this.toldOf.get(activity.id))) return;
    if (!this.toldOf.size) console.log('');
    if (event.kind === 'STATUS') this.toldOf.set(activity.id, event.status);
    const whose = this.followed.size > 1 ? `${activity.to}: ` : '';
    const why = typeof event.metadata.reason === 'string' ? ` (${event.metadata.reason})` : '';
    console.log(`${String(Math.round(atMs - this.startedMs)).padStart(6)} ms  ← ${whose}${event.status ?? event.kind}${why}`);
  }

  /** Until all have ended, or it is too quiet. */
  private async wait(waitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<void>((resolve) => {
      let told = 0;
      timer = setInterval(() => {
        const quietMs = performance.now() - this.heardMs;
        const times = Math.floor(quietMs / TELL_EVERY_MS);
        if (quietMs >= (this.isTalking ? LONGEST_CALL_MS : waitMs)) return resolve();
        if (times > told) console.error(`… ${this.statuses} for ${Math.round(quietMs / 1000)} s`);
        told = times;
      }, LOOK_EVERY_MS);
    });
    const heard = this.listener.fulfilled.catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      throw new CommandError(`${error.message}\nIt was accepted all the same, and goes on: the query activity(id) says how it stands.`, {
        cause: error,
      });
    });
    await Promise.race([heard, silence]).finally(() => clearInterval(timer));
  }

  private get isTalking(): boolean {
    return [...this.followed.values()].some(({ status }) => status === 'ANSWERED');
  }

  private get statuses(): string {
    return [...new Set([...this.followed.values()].map(({ status }) => status))].join(', ');
  }

  private conclude(waitMs: number): void {
    const all = [...this.followed.values()];
    const endings = all.map((activity) => ending(activity, all.length > 1 ? `The one to ${activity.to}` : 'It', waitMs));
    const words = (well: boolean) => [...new Set(endings.filter((one) => one.well === well).map(({ said }) => said))].join('\n');
    if (words(true)) console.log(`\n${words(true)}`);
    if (words(false)) throw new CommandError(`\n${words(false)}`);
  }
}
