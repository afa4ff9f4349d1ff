import { type ActivityStatus } from '../../core/adapters/activity-status.js';
import { type ErrorExplanation, explanationsOf, type ExplainedCodes, type Sentence } from '../../core/adapters/error-explanation.js';
import { listedCodeOf, REFUSED_ROWS } from './refused-errors.js';

const CHECK: Sentence = { en: 'Check the address with the person.', es: 'Compruebe la dirección con la persona.' };
const NOTHING: Sentence = {
  en: 'Nothing to do: SendGrid tries again for up to 72 hours.',
  es: 'No tiene que hacer nada: SendGrid lo reintenta durante 72 horas.',
};
/** Instead of it where SendGrid has given up: a server puts a mail off with the same codes that it blocks one with. */
const AGAIN: Sentence = {
  en: 'SendGrid does not try again: send it again later.',
  es: 'SendGrid no lo reintenta: vuelva a enviarlo más tarde.',
};
/** Of what became of a copy: it moves no status, so either may be. */
const EITHER: Sentence = {
  en: 'SendGrid tries what it deferred again for up to 72 hours; what bounced, send again later.',
  es: 'SendGrid reintenta durante 72 horas lo que aplazó; lo que rebotó, vuelva a enviarlo más tarde.',
};
const SENDERS_FAULT: Sentence = {
  en: 'Check that your domain is authenticated in SendGrid, and what the message says.',
  es: 'Compruebe que su dominio esté autenticado en SendGrid y lo que dice el mensaje.',
};

/**
 * Why a mail did not arrive. Codes are enhanced status codes (RFC 3463), reply codes, SendGrid's own reasons for a mail that it did not try,
 * its classes of bounces, words of a server that say more than its code, and kinds of event where nothing more is said; by comma. 5.4.1 is Microsoft's for
 * a mailbox that it does not know. Sources: SendGrid docs, Event Webhook Reference (drop reasons), Bounce and Block Classifications; Microsoft, NDR error
 * codes in Exchange Online; RFC 3463; IANA, SMTP Enhanced Status Codes.
 */
const ROWS: readonly ExplainedCodes[] = [
  ['5.1.1,5.1.0,5.1.3,5.1.6,5.4.1,550,Invalid Address', false, { en: 'The mailbox does not exist.', es: 'El buzón no existe.' }, CHECK],
  [
    '5.1.2,5.1.10,5.4.4,no such host,unable to get mx info',
    false,
    { en: 'The domain of the address takes no mail.', es: 'El dominio de la dirección no recibe correo.' },
    CHECK,
  ],
  [
    '5.2.1',
    false,
    { en: 'The mailbox is disabled.', es: 'El buzón está desactivado.' },
    { en: 'Reach the person another way.', es: 'Contacte a la persona por otro medio.' },
  ],
  [
    '5.2.2,4.2.2,552,mailbox full,mailbox is full,over quota,exceeded storage allocation',
    true,
    { en: 'The mailbox is full.', es: 'El buzón está lleno.' },
    { en: 'Try again in some days.', es: 'Inténtelo de nuevo en unos días.' },
  ],
  [
    '5.2.3,5.3.4,message size,message too large',
    false,
    {
      en: "The message is larger than the recipient's server takes.",
      es: 'El mensaje es mayor de lo que admite el servidor del destinatario.',
    },
    { en: 'Send smaller attachments, or a link to them.', es: 'Envíe adjuntos más pequeños o un enlace a ellos.' },
  ],
  [
    '5.7.0,5.7.1,5.7.26,554,Content,Reputation',
    false,
    {
      en: "The recipient's server refused the message by its rules, as spam or for want of authentication.",
      es: 'El servidor del destinatario rechazó el mensaje por sus reglas: como spam o por falta de autenticación.',
    },
    SENDERS_FAULT,
  ],
  [
    '4.7.0,4.7.1,4.7.28,4.5.3,too many recipients,too many messages,too many connections,throttled,rate limited,Frequency/Volume',
    true,
    {
      en: "The recipient's server takes mail from you slowly, or not yet.",
      es: 'El servidor del destinatario acepta su correo despacio, o aún no lo acepta.',
    },
    NOTHING,
  ],
  [
    'connection refused,i/o timeout,error dialing remote address',
    true,
    { en: "The recipient's server could not be reached.", es: 'No se pudo conectar con el servidor del destinatario.' },
    NOTHING,
  ],
  [
    'Mailbox Unavailable',
    true,
    {
      en: 'The mailbox takes no mail at present: it is full, or disabled.',
      es: 'El buzón no recibe correo por ahora: está lleno o desactivado.',
    },
    {
      en: 'Try again in some days, or reach the person another way.',
      es: 'Inténtelo de nuevo en unos días o contacte a la persona por otro medio.',
    },
  ],
  [
    'Technical',
    true,
    {
      en: "The recipient's server did not take the message, for a technical reason.",
      es: 'El servidor del destinatario no aceptó el mensaje por un motivo técnico.',
    },
    {
      en: 'Send it again later; if it fails again, see what the server says.',
      es: 'Vuelva a enviarlo más tarde; si falla otra vez, vea lo que dice el servidor.',
    },
  ],
  [
    'Bounced Address',
    false,
    {
      en: 'SendGrid did not try: the address bounced before and is on its suppression list.',
      es: 'SendGrid no lo intentó: la dirección ya rebotó antes y está en su lista de supresión.',
    },
    {
      en: 'If the address works again, take it off the bounces in SendGrid.',
      es: 'Si la dirección vuelve a funcionar, quítela de los rebotes en SendGrid.',
    },
  ],
  [
    'Unsubscribed Address',
    false,
    {
      en: 'SendGrid did not try: the person unsubscribed and is on its suppression list.',
      es: 'SendGrid no lo intentó: la persona se dio de baja y está en su lista de supresión.',
    },
    { en: 'Write again only if the person asks for it.', es: 'Vuelva a escribir solo si la persona lo pide.' },
  ],
  [
    'Spam Reporting Address',
    false,
    {
      en: 'SendGrid did not try: the person reported you as spam and is on its suppression list.',
      es: 'SendGrid no lo intentó: la persona le denunció como spam y está en su lista de supresión.',
    },
    { en: 'Do not write to this address again.', es: 'No vuelva a escribir a esta dirección.' },
  ],
  [
    'Invalid',
    false,
    { en: 'SendGrid did not try: that is no valid address.', es: 'SendGrid no lo intentó: no es una dirección válida.' },
    CHECK,
  ],
  [
    'Spam Content',
    false,
    {
      en: 'SendGrid did not try: its spam check refused what the message says.',
      es: 'SendGrid no lo intentó: su filtro de spam rechazó el contenido del mensaje.',
    },
    {
      en: 'Change what the message says, or the limit of the spam check in SendGrid.',
      es: 'Cambie el contenido del mensaje o el umbral del filtro de spam en SendGrid.',
    },
  ],
  [
    'Invalid SMTPAPI header',
    false,
    {
      en: 'SendGrid did not try: it could not read the X-SMTPAPI header of the message.',
      es: 'SendGrid no lo intentó: no pudo leer la cabecera X-SMTPAPI del mensaje.',
    },
    {
      en: 'Correct that header in the program that sent the message.',
      es: 'Corrija esa cabecera en el programa que envió el mensaje.',
    },
  ],
  [
    'Recipient List over Package Quota',
    true,
    { en: "SendGrid did not try: the account's quota is used up.", es: 'SendGrid no lo intentó: la cuota de la cuenta está agotada.' },
    {
      en: "Raise the account's plan in SendGrid, or wait for its next period.",
      es: 'Amplíe el plan en SendGrid o espere al próximo periodo.',
    },
  ],
  [
    'blocked',
    true,
    {
      en: "The recipient's server blocked the message; the address is good.",
      es: 'El servidor del destinatario bloqueó el mensaje; la dirección es válida.',
    },
    SENDERS_FAULT,
  ],
  [
    'expired',
    true,
    {
      en: "The recipient's server did not take the message for as long as SendGrid tried.",
      es: 'El servidor del destinatario no aceptó el mensaje mientras SendGrid lo intentó.',
    },
    NOTHING,
  ],
  ['bounce', false, { en: "The recipient's server refused the message.", es: 'El servidor del destinatario rechazó el mensaje.' }, CHECK],
  [
    'dropped',
    false,
    { en: 'SendGrid did not try to deliver the message.', es: 'SendGrid no intentó entregar el mensaje.' },
    { en: 'Look for the address among the suppressions in SendGrid.', es: 'Busque la dirección entre las supresiones de SendGrid.' },
  ],
  ['deferred', true, { en: "The recipient's server put the message off.", es: 'El servidor del destinatario aplazó el mensaje.' }, NOTHING],
];

const EXPLANATIONS = explanationsOf([...ROWS, ...REFUSED_ROWS]);

/** `status`: what the event that has the code made of the mail. Undefined where we have no plain words for the code. */
export function explainDeliveryError(code: string, status: ActivityStatus | null): ErrorExplanation | undefined {
  const found = wordsFor(code);
  if (found?.hint !== NOTHING || status === 'DEFERRED') return found;
  return { ...found, hint: status === null ? EITHER : AGAIN };
}

/** A status code that is not listed says by its class whether it is for good. */
function wordsFor(code: string): ErrorExplanation | undefined {
  const listed = EXPLANATIONS.get(listedCodeOf(code));
  if (listed || !/^[45](?:\.\d{1,3}\.\d{1,3}|\d\d)$/.test(code)) return listed;
  return EXPLANATIONS.get(code.startsWith('4') ? 'deferred' : 'bounce');
}
