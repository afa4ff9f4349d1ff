import { type ErrorExplanation, explanationsOf, type ExplainedCodes } from '../../core/adapters/error-explanation.js';
import { REFUSED_ROWS } from './refused-errors.js';

/**
 * Errors of messages. Source: Twilio docs, Error and warning dictionary; 63016, 63024, 30036 and 35114 read there, the rest known.
 * Codes that share their words may differ in whether a repetition can help: a phone that is off comes back, a number that does not exist won't.
 */
const ROWS: readonly ExplainedCodes[] = [
  [
    '20003',
    false,
    {
      en: 'Twilio did not accept your credentials: they are wrong or have expired.',
      es: 'Twilio no aceptó sus credenciales: son incorrectas o han caducado.',
    },
    { en: 'Check the account sid and the auth token in the settings.', es: 'Revise el account sid y el auth token en la configuración.' },
  ],
  [
    '20429',
    true,
    { en: 'You were sending too fast for Twilio.', es: 'Estaba enviando demasiado rápido para Twilio.' },
    { en: 'Nothing to do: it will be tried again.', es: 'No tiene que hacer nada: se intentará de nuevo.' },
  ],
  [
    '21211',
    false,
    { en: 'That is not a number that can receive messages or calls.', es: 'Ese no es un número que pueda recibir mensajes ni llamadas.' },
    { en: 'Check the number and its country code.', es: 'Revise el número y su código de país.' },
  ],
  [
    '21614',
    false,
    { en: 'That is not a number that can receive messages.', es: 'Ese no es un número que pueda recibir mensajes.' },
    { en: 'Check the number and its country code.', es: 'Revise el número y su código de país.' },
  ],
  [
    '21408',
    false,
    { en: 'Your account may not send to that country yet.', es: 'Su cuenta aún no puede enviar a ese país.' },
    { en: 'Enable the country in Twilio, under geographic permissions.', es: 'Active el país en Twilio, en los permisos geográficos.' },
  ],
  [
    '21212',
    false,
    { en: 'The number you send or call from is wrong.', es: 'El número desde el que envía o llama es incorrecto.' },
    { en: 'Choose another of your numbers, or check this one in Twilio.', es: 'Elija otro de sus números o revise este en Twilio.' },
  ],
  [
    '21606',
    false,
    {
      en: 'The number you send from is wrong or cannot send text messages.',
      es: 'El número desde el que envía es incorrecto o no puede enviar mensajes de texto.',
    },
    {
      en: 'Choose another of your numbers, or enable SMS on this one in Twilio.',
      es: 'Elija otro de sus números o active los SMS de este en Twilio.',
    },
  ],
  [
    '21608',
    false,
    { en: 'Your trial account can write only to verified numbers.', es: 'Su cuenta de prueba solo puede escribir a números verificados.' },
    { en: 'Verify the number in Twilio, or upgrade the account.', es: 'Verifique el número en Twilio o pase a una cuenta completa.' },
  ],
  [
    '21610',
    false,
    { en: 'This person wrote STOP, so you cannot write to them.', es: 'Esta persona escribió STOP, así que no puede escribirle.' },
    {
      en: 'They must write START before you can write to them again.',
      es: 'Tiene que escribir START antes de que usted pueda escribirle de nuevo.',
    },
  ],
  [
    '21612',
    false,
    { en: 'There is no route between these two numbers.', es: 'No hay ruta entre estos dos números.' },
    { en: 'Send from another of your numbers.', es: 'Envíe desde otro de sus números.' },
  ],
  [
    '30003',
    true,
    {
      en: 'The phone is off, out of reach, or the number does not exist.',
      es: 'El teléfono está apagado, sin cobertura, o el número no existe.',
    },
    { en: 'Try again later; if it keeps failing, check the number.', es: 'Inténtelo más tarde; si sigue fallando, revise el número.' },
  ],
  [
    '30005',
    false,
    {
      en: 'The phone is off, out of reach, or the number does not exist.',
      es: 'El teléfono está apagado, sin cobertura, o el número no existe.',
    },
    { en: 'Check the number with the person.', es: 'Confirme el número con la persona.' },
  ],
  [
    '30004,30006',
    false,
    {
      en: "The person's carrier blocks the message, or the number is a landline.",
      es: 'La operadora de la persona bloquea el mensaje, o el número es fijo.',
    },
    { en: 'Reach them another way, or ask for a mobile number.', es: 'Contáctela por otro medio o pídale un número móvil.' },
  ],
  [
    '30007',
    false,
    { en: "A carrier's filter took the message for spam.", es: 'El filtro de una operadora tomó el mensaje por spam.' },
    {
      en: 'Reword it, without shortened links, before you send it again.',
      es: 'Cambie el texto y quite los enlaces acortados antes de enviarlo otra vez.',
    },
  ],
  [
    '30008',
    true,
    {
      en: 'The message was not delivered, and the carrier gave no reason.',
      es: 'El mensaje no se entregó y la operadora no dio ningún motivo.',
    },
    { en: 'Try again later; if it keeps failing, reach them another way.', es: 'Inténtelo más tarde; si sigue fallando, use otro medio.' },
  ],
  [
    '30034',
    false,
    {
      en: 'Your US number is not registered for business texting (A2P 10DLC).',
      es: 'Su número de EE. UU. no está registrado para mensajes de empresas (A2P 10DLC).',
    },
    {
      en: 'Register the number in Twilio, or send from a registered one.',
      es: 'Registre el número en Twilio o envíe desde uno registrado.',
    },
  ],
  [
    '30036',
    true,
    { en: 'The message waited too long in the queue and was not sent.', es: 'El mensaje esperó demasiado en la cola y no se envió.' },
    { en: 'Send it again, more slowly if you send many.', es: 'Envíelo de nuevo, más despacio si envía muchos.' },
  ],
  [
    '35114,35115,35116,35117',
    false,
    { en: 'The time you scheduled is too near or too far.', es: 'La hora programada está demasiado cerca o demasiado lejos.' },
    {
      en: 'Choose one more than 5 minutes and at most 35 days ahead.',
      es: 'Elija una dentro de más de 5 minutos y de 35 días como máximo.',
    },
  ],
  [
    '63016',
    false,
    {
      en: "More than 24 hours have passed since the person's last message.",
      es: 'Han pasado más de 24 horas desde el último mensaje de la persona.',
    },
    { en: 'Use an approved template.', es: 'Use una plantilla aprobada.' },
  ],
  [
    '63018',
    true,
    {
      en: 'You sent too many messages to this person or from this number.',
      es: 'Envió demasiados mensajes a esta persona o desde este número.',
    },
    { en: 'Wait before you send more.', es: 'Espere antes de enviar más.' },
  ],
  [
    '63024',
    false,
    {
      en: 'The person is not reachable on WhatsApp: no account, an old app, or terms not accepted.',
      es: 'No se puede contactar a la persona por WhatsApp: no tiene cuenta, su aplicación es antigua o no aceptó las condiciones.',
    },
    { en: 'Reach them another way, or ask them to update WhatsApp.', es: 'Contáctela por otro medio o pídale que actualice WhatsApp.' },
  ],
  [
    '63027,63028',
    false,
    {
      en: 'The template, its language or its number of variables does not match what was approved.',
      es: 'La plantilla, su idioma o su número de variables no coincide con lo aprobado.',
    },
    { en: 'Compare your message with the approved template.', es: 'Compare su mensaje con la plantilla aprobada.' },
  ],
  [
    '63032',
    false,
    {
      en: 'WhatsApp held the message back as part of an experiment of its own.',
      es: 'WhatsApp retuvo el mensaje como parte de un experimento propio.',
    },
    { en: 'Reach the person another way.', es: 'Contacte a la persona por otro medio.' },
  ],
  [
    '63049',
    false,
    { en: 'WhatsApp chose not to deliver this marketing message.', es: 'WhatsApp decidió no entregar este mensaje de marketing.' },
    { en: 'Do not repeat it at once: wait a day or more.', es: 'No lo repita enseguida: espere un día o más.' },
  ],
];

const EXPLANATIONS = explanationsOf([...ROWS, ...REFUSED_ROWS]);

/** Undefined where we have no plain words for the code. */
export function explainTwilioError(code: string): ErrorExplanation | undefined {
  return EXPLANATIONS.get(code);
}
