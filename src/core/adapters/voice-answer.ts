/** What an inbound call hears. Without one: a short greeting and voicemail. */
export interface VoiceAnswer {
  readonly greeting: string | null;
  /** In E.164: rung at once; where nobody takes it, `voicemail` decides. */
  readonly forwardTo: string | null;
  readonly voicemail: boolean;
  /** Whether a forwarded call is recorded. */
  readonly record: boolean;
}

export const DEFAULT_VOICE: VoiceAnswer = { greeting: null, forwardTo: null, voicemail: true, record: false };
