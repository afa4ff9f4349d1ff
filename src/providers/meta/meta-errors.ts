import { type ErrorExplanation, explanationsOf, type ExplainedCodes } from '../../core/adapters/error-explanation.js';
import { REFUSED_ROWS } from './refused-errors.js';

/** Errors of messages. Source: Meta, WhatsApp Cloud API, Error codes; 131060: unsupported messages webhook reference. */
const ROWS: readonly ExplainedCodes[] = [
  [
    '190',
    false,
    {
      en: 'Meta did not accept your access token: it is wrong or has expired.',
      es: 'Meta no aceptó su token: es incorrecto o ha caducado.',
    },
    {
      en: 'Make a new access token for a system user at Meta, and set it as WHATSAPP_ACCESS_TOKEN.',
      es: 'Cree en Meta un token nuevo para un usuario del sistema y póngalo en WHATSAPP_ACCESS_TOKEN.',
    },
  ],
  [
    '368,131031',
    false,
    { en: 'Meta has restricted your business account.', es: 'Meta ha restringido su cuenta de empresa.' },
    {
      en: "Look at the account's quality and notices in WhatsApp Manager, and appeal there.",
      es: 'Mire la calidad y los avisos de la cuenta en el Administrador de WhatsApp y apele allí.',
    },
  ],
  [
    '130429',
    true,
    { en: 'You were sending too fast for WhatsApp.', es: 'Estaba enviando demasiado rápido para WhatsApp.' },
    { en: 'Nothing to do: it will be tried again.', es: 'No tiene que hacer nada: se intentará de nuevo.' },
  ],
  [
    '130472',
    false,
    {
      en: 'WhatsApp held the message back as part of an experiment of its own.',
      es: 'WhatsApp retuvo el mensaje como parte de un experimento propio.',
    },
    { en: 'Reach the person another way.', es: 'Contacte a la persona por otro medio.' },
  ],
  [
    '131026',
    false,
    {
      en: 'The person is not reachable on WhatsApp: no account, an old app, or terms not accepted.',
      es: 'No se puede contactar a la persona por WhatsApp: no tiene cuenta, su aplicación es antigua o no aceptó las condiciones.',
    },
    { en: 'Reach them another way, or ask them to update WhatsApp.', es: 'Contáctela por otro medio o pídale que actualice WhatsApp.' },
  ],
  [
    '131042',
    false,
    { en: 'Meta has a payment problem with your account.', es: 'Meta tiene un problema de pago con su cuenta.' },
    { en: 'Check the payment method in WhatsApp Manager.', es: 'Revise el método de pago en el Administrador de WhatsApp.' },
  ],
  [
    '131047',
    false,
    {
      en: "More than 24 hours have passed since the person's last message.",
      es: 'Han pasado más de 24 horas desde el último mensaje de la persona.',
    },
    { en: 'Use an approved template.', es: 'Use una plantilla aprobada.' },
  ],
  [
    '131049',
    false,
    { en: 'WhatsApp chose not to deliver this marketing message.', es: 'WhatsApp decidió no entregar este mensaje de marketing.' },
    { en: 'Do not repeat it at once: wait a day or more.', es: 'No lo repita enseguida: espere un día o más.' },
  ],
  [
    '131050',
    false,
    { en: 'The person stopped marketing messages from you.', es: 'La persona detuvo sus mensajes de marketing.' },
    { en: 'Send this person no more marketing messages.', es: 'No envíe más mensajes de marketing a esta persona.' },
  ],
  [
    '131051,131060',
    false,
    {
      en: 'The person sent something that WhatsApp does not pass on to businesses.',
      es: 'La persona envió algo que WhatsApp no entrega a las empresas.',
    },
    {
      en: 'Ask them to send it another way, such as a text or a photo.',
      es: 'Pídale que lo envíe de otra forma, como un texto o una foto.',
    },
  ],
  [
    '131052,131053',
    false,
    { en: 'A media file could not be fetched or has a wrong type.', es: 'Un archivo no se pudo descargar o es de un tipo incorrecto.' },
    { en: 'Check the file, its size and its type, and send it again.', es: 'Revise el archivo, su tamaño y su tipo, y envíelo otra vez.' },
  ],
  [
    '131056',
    true,
    { en: 'You sent too many messages to this person in a short time.', es: 'Envió demasiados mensajes a esta persona en poco tiempo.' },
    { en: 'Wait before you send more.', es: 'Espere antes de enviar más.' },
  ],
  [
    '132000,132001',
    false,
    {
      en: 'The template, its language or its number of variables does not match what was approved.',
      es: 'La plantilla, su idioma o su número de variables no coincide con lo aprobado.',
    },
    { en: 'Compare your message with the approved template.', es: 'Compare su mensaje con la plantilla aprobada.' },
  ],
];

const EXPLANATIONS = explanationsOf([...ROWS, ...REFUSED_ROWS]);

/** Undefined where we have no plain words for the code. */
export function explainMetaError(code: string): ErrorExplanation | undefined {
  return EXPLANATIONS.get(code);
}
