/** One webhook request as a provider makes it, signed. */
export interface ProviderDelivery {
  /** What the server makes of it is found by this: the provider's id. */
  readonly externalId: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
