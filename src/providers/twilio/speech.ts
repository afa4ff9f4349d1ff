import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** What we say of ourselves, and in which of Twilio's languages. Source: Twilio docs, TwiML `<Say>`, `language`. */
export interface Speech {
  readonly language: 'en-US' | 'es-MX' | 'es-ES';
  readonly welcome: string;
  readonly nobody: string;
  readonly voicemail: string;
  readonly goodbye: string;
}

const ENGLISH: Speech = {
  language: 'en-US',
  welcome: 'Thank you for calling.',
  nobody: 'Nobody can take your call right now.',
  voicemail: 'Please leave a message after the tone.',
  goodbye: 'Goodbye.',
};
const SPANISH: Speech = {
  language: 'es-MX',
  welcome: 'Gracias por su llamada.',
  nobody: 'En este momento nadie puede atenderle.',
  voicemail: 'Por favor, deje su mensaje después del tono.',
  goodbye: 'Hasta pronto.',
};

const SPEAK_SPANISH = new Set('AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE'.split(' '));

/** What a call to that number is told: the greeting's own language where its letters tell, else the number's country's. */
export function speechOf(number: string, greeting: string | null): Speech {
  const country = parsePhoneNumberFromString(number)?.country;
  if (country === 'ES') return { ...SPANISH, language: 'es-ES' };
  return /[¿¡ñ]/i.test(greeting ?? '') || (country !== undefined && SPEAK_SPANISH.has(country)) ? SPANISH : ENGLISH;
}
