import { type ExplainedCodes } from '../../core/adapters/error-explanation.js';

/** The code of a refusal whose HTTP status has no words of its own: `HTTP 451`, since a mail server that says 451 puts a mail off. */
const OTHER = 'HTTP';

/**
 * Why SendGrid takes a mail not at all: it has no codes but HTTP's. Those by their status alone no mail server answers with. Source: SendGrid
 * docs, Errors; Mail Send errors.
 */
export const REFUSED_ROWS: readonly ExplainedCodes[] = [
  [
    '400',
    false,
    { en: 'SendGrid did not accept the message as it was written.', es: 'SendGrid no aceptó el mensaje tal como está escrito.' },
    { en: 'See what SendGrid says about it, and change that.', es: 'Vea lo que dice SendGrid y cámbielo.' },
  ],
  [
    '401',
    false,
    {
      en: 'SendGrid did not accept your API key: it is wrong, or was deleted.',
      es: 'SendGrid no aceptó su clave de API: es incorrecta o se eliminó.',
    },
    {
      en: 'Make a new key in SendGrid, and set it as SENDGRID_API_KEY.',
      es: 'Cree una clave nueva en SendGrid y póngala en SENDGRID_API_KEY.',
    },
  ],
  [
    '403',
    false,
    {
      en: 'SendGrid does not let you send from that address, or your API key may not send.',
      es: 'SendGrid no le permite enviar desde esa dirección, o su clave de API no puede enviar.',
    },
    {
      en: 'Verify the sender or authenticate its domain in SendGrid, and give the key the right to send mail.',
      es: 'Verifique el remitente o autentique su dominio en SendGrid, y dé a la clave permiso para enviar.',
    },
  ],
  [
    '413',
    false,
    { en: 'The message is larger than SendGrid takes.', es: 'El mensaje es mayor de lo que admite SendGrid.' },
    { en: 'Send smaller attachments, or a link to them.', es: 'Envíe adjuntos más pequeños o un enlace a ellos.' },
  ],
  [
    '429',
    true,
    { en: 'You were sending too fast for SendGrid.', es: 'Estaba enviando demasiado rápido para SendGrid.' },
    { en: 'Nothing to do: it will be tried again.', es: 'No tiene que hacer nada: se intentará de nuevo.' },
  ],
  [
    OTHER,
    false,
    {
      en: 'SendGrid did not take the message: nothing was sent, and nobody tries again.',
      es: 'SendGrid no aceptó el mensaje: no se envió nada, y nadie lo reintenta.',
    },
    {
      en: 'See what SendGrid says about it, change that, and send it again.',
      es: 'Vea lo que dice SendGrid, cámbielo y vuelva a enviarlo.',
    },
  ],
];

/** What a refusal with that HTTP status is called. */
export function codeOfRefusal(status: number): string {
  const code = String(status);
  return REFUSED_ROWS.some(([listed]) => listed === code) ? code : `${OTHER} ${code}`;
}

/** The code that has the words for it. */
export function listedCodeOf(code: string): string {
  return /^HTTP \d{3}$/.test(code) ? OTHER : code;
}
