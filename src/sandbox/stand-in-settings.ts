/** What the stand-in lets in and signs with, by the variables that the server has of it; `SENDGRID_SIGNING_KEY` is the private half of its webhook key. */
export interface StandInSecrets {
  readonly TWILIO_ACCOUNT_SID: string;
  readonly TWILIO_AUTH_TOKEN: string;
  readonly SENDGRID_API_KEY: string;
  readonly SENDGRID_SIGNING_KEY: string;
  readonly WHATSAPP_ACCESS_TOKEN: string;
  readonly WHATSAPP_APP_SECRET: string;
}

/** How it plays. All of it can be changed while it runs. */
export interface StandInSettings {
  /** The server's address as providers know it: what is signed. */
  publicUrl: string;
  /** Where what is addressed to `publicUrl` is sent instead: the server as it is reached from here. */
  deliverTo: string;
  /** Between one happening of a life and the next. */
  stepMs: number;
  /** Whether the person answers what reached them. */
  replies: boolean;
  /** Whether providers call at all. Off, what happens is only in their lists. */
  webhooks: boolean;
  /** Whether each callback comes twice. */
  duplicates: boolean;
  /** Whether the callbacks of a life are held back to its end and come in any order. */
  shuffle: boolean;
  /** How long what happened is not in Twilio's lists yet. */
  listDelayMs: number;
  /** Between a provider's attempts to deliver, at first. */
  retryMs: number;
}

export const DEFAULT_SETTINGS: StandInSettings = {
  publicUrl: 'http://localhost:3000',
  deliverTo: 'http://127.0.0.1:3000',
  stepMs: 10,
  replies: false,
  webhooks: true,
  duplicates: false,
  shuffle: false,
  listDelayMs: 0,
  retryMs: 250,
};

/** `url`, of the server, as it is reached from here; others are reached as they are. */
export function reachable(url: string, { publicUrl, deliverTo }: Pick<StandInSettings, 'publicUrl' | 'deliverTo'>): string {
  return isOurs(url, publicUrl) ? deliverTo + url.slice(publicUrl.length) : url;
}

/** Whether `url` is one of the server that `publicUrl` names. */
export function isOurs(url: string, publicUrl: string): boolean {
  return url.startsWith(publicUrl) && /^(?:[/?#]|$)/.test(url.slice(publicUrl.length));
}

/** What of `given` is a setting, or the sentence that says what is wrong with it. */
export function readSettings(given: unknown): Partial<StandInSettings> | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'The settings are no object.';
  for (const [name, value] of Object.entries(given)) {
    const standard = (DEFAULT_SETTINGS as unknown as Record<string, unknown>)[name];
    if (standard === undefined) return `There is no setting ${name}: there are ${Object.keys(DEFAULT_SETTINGS).join(', ')}.`;
    if (typeof value !== typeof standard) return `${name} is a ${typeof standard}.`;
    if (typeof value === 'number' && !(value >= 0 && value <= 86_400_000)) return `${name} is from 0 to 86400000.`;
    if (typeof value === 'string' && !/^https?:\/\/[^\s?#]+[^\s?#/]$/.test(value))
      return `${name} is an http:// or https:// address without a slash at its end.`;
  }
  return given;
}
