import { BoundedList, BoundedMap } from './bounded.js';
import { type MetaFile } from './meta-files.js';
import { type SimulatedProvider } from './provider-delivery.js';
import { type TwilioCall } from './twilio-calls.js';
import { type TwilioMessage } from './twilio-messages.js';
import { type TwilioRecording } from './twilio-recordings.js';

/** A request that a provider saw. */
export interface SeenRequest {
  /** ISO 8601. */
  readonly at: string;
  readonly provider: SimulatedProvider;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Its form, its JSON or its query as objects, long texts shortened; null where the connection was closed before they were read. */
  parameters: unknown;
  /** What was answered; null where nothing was, or not yet. */
  status: number | null;
  /** What was done wrong with it. */
  readonly misbehavior: string | null;
}

/** Something that a provider took on. */
export interface AcceptedItem {
  readonly at: string;
  readonly provider: SimulatedProvider;
  readonly kind: 'MESSAGE' | 'CALL' | 'MAIL';
  /** The provider's: a sid, a wamid, an X-Message-Id. */
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  /** The text, or the subject. */
  readonly text: string;
}

/** A callback, or a question after instructions or a file, that a provider made. */
export interface MadeCallback {
  readonly at: string;
  readonly provider: SimulatedProvider;
  readonly method: 'GET' | 'POST';
  /** As it was handed out, without its fragment. */
  readonly url: string;
  readonly tells: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** What was answered; null where nothing was. */
  readonly status: number | null;
}

const MOST = 10_000;
const MOST_FILES = 200;

/** What the stand-in knows: the newest of everything, and nothing of it outlives the process. */
export class StandInMemory {
  readonly requests = new BoundedList<SeenRequest>(MOST);
  readonly accepted = new BoundedList<AcceptedItem>(MOST);
  readonly callbacks = new BoundedList<MadeCallback>(MOST);
  readonly messages = new BoundedMap<TwilioMessage>(MOST);
  readonly calls = new BoundedMap<TwilioCall>(MOST);
  readonly recordings = new BoundedMap<TwilioRecording>(MOST);
  readonly files = new BoundedMap<MetaFile>(MOST_FILES);

  /** What tests count; what the providers keep stays. */
  clearLog(): void {
    this.requests.clear();
    this.accepted.clear();
    this.callbacks.clear();
  }

  clear(): void {
    this.clearLog();
    for (const kept of [this.messages, this.calls, this.recordings, this.files]) kept.clear();
  }
}
