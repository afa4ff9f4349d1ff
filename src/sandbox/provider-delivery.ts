/** One webhook request as a provider makes it, signed. */
export interface ProviderDelivery {
  /** What it tells, for a person, such as `the call rings`. */
  readonly tells: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Something that happened once, and all that its provider tells of it. */
export interface SimulatedLife {
  readonly channel: 'SMS' | 'WHATSAPP' | 'VOICE' | 'EMAIL';
  readonly provider: SimulatedProvider;
  /** What the server makes of it is found by this: the provider's id. */
  readonly externalId: string;
  /** In the order it happened. */
  readonly deliveries: readonly ProviderDelivery[];
}

export type SimulatedProvider = 'TWILIO' | 'META' | 'SENDGRID';
