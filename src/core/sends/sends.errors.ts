import { CodedError, ErrorCode } from '../../platform/errors/coded-error.js';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { OWN_ERRORS } from '../activities/own-errors.js';
import { type Refusal } from './send-rules.js';

/** Why it was refused, and what can be done about it, in one text. */
export function reasonOfRefusal({ code, details }: Refusal, language: Language): string {
  if (details.unfillable !== undefined) return wantsMore(details.unfillable)[language];
  if (details.unapproved !== undefined) return NOT_APPROVED[language];
  const { message, hint } = OWN_ERRORS[code];
  const said = Object.entries(details).filter(([name]) => name in WORDS[language]);
  const place = said.length ? ` (${said.map(([name, value]) => `${WORDS[language][name]!}: ${value}`).join('; ')})` : '';
  return `${message[language]}${place} ${hint[language]}`;
}

const WORDS: Record<Language, Readonly<Record<string, string>>> = {
  en: { missing: 'missing', unknown: 'not in it', copy: 'in copy' },
  es: { missing: 'falta', unknown: 'no está en ella', copy: 'en copia' },
};

const wantsMore = (parts: string): Record<Language, string> => ({
  en: `Only the text of a template is filled here, and this one wants more: ${parts}. Use one whose header and buttons are the same for everybody.`,
  es: `Aquí solo se rellena el texto de una plantilla, y esta pide más: ${parts}. Use una cuyo encabezado y botones sean iguales para todos.`,
});

const NOT_APPROVED: Record<Language, string> = {
  en: 'WhatsApp has not approved this template, so it may only answer a message of the last 24 hours. Use one that `templates` says is approved.',
  es: 'WhatsApp no ha aprobado esta plantilla: solo puede responder a un mensaje de las últimas 24 horas. Use una que `templates` dé por aprobada.',
};

export function refused(refusal: Refusal, language: Language, to?: string): CodedError {
  return new CodedError(refusal.code, reasonOfRefusal(refusal, language), { ...refusal.details, ...(to !== undefined && { to }) });
}

export function idempotencyConflict(language: Language): CodedError {
  const message = {
    en: 'This idempotencyKey was used before with another input: use a new key for another send.',
    es: 'Este idempotencyKey ya se usó con otra entrada: use otra clave para otro envío.',
  };
  return new CodedError(ErrorCode.IDEMPOTENCY_CONFLICT, message[language], { field: 'idempotencyKey' });
}

export function notConfigured(language: Language, missing: readonly string[]): CodedError {
  return new CodedError(ErrorCode.PROVIDER_NOT_CONFIGURED, reasonOfRefusal({ code: 'PROVIDER_NOT_CONFIGURED', details: {} }, language), {
    ...(missing.length && { missing: missing.join(', ') }),
  });
}
