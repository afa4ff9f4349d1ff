/** The languages of what a person reads. */
export type Language = 'en' | 'es';

/** A socket as its subscriptions see it. Codes are WebSocket close codes. */
export interface SocketHandle {
  close(code: number, reason: string): void;
}

/** What every resolver gets. */
export interface GraphqlContext {
  /** Who asks. */
  readonly actor: unknown;
  /** What is bounded by who asks is counted by. */
  readonly rateKey: string;
  readonly language: Language;
  /** Of a subscription. */
  readonly socket: SocketHandle | undefined;
  /** Batch loaders of this operation, by the room that made them. */
  readonly loaders: Map<symbol, unknown>;
}

/** Spanish where Accept-Language prefers it to English, else English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part, i) => {
      const [tag, ...parameters] = part.trim().toLowerCase().split(';');
      const quality = Number(
        parameters
          .find((p) => p.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? 1,
      );
      return { language: tag!.split('-')[0], quality: Number.isFinite(quality) ? quality : 0, i };
    })
    .filter(({ language, quality }) => (language === 'en' || language === 'es') && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.i - b.i);
  return wanted[0]?.language === 'es' ? 'es' : 'en';
}
