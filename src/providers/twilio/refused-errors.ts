import { type ExplainedCodes } from '../../core/adapters/error-explanation.js';

/** Why Twilio refuses a call, or a message before it tries to deliver it. Source: Twilio docs, Error and warning dictionary; known. */
export const REFUSED_ROWS: readonly ExplainedCodes[] = [
  [
    '13223,13224,21214,21217',
    false,
    { en: 'The number called is not valid.', es: 'El número al que se llama no es válido.' },
    { en: 'Check the number and its country code.', es: 'Revise el número y su código de país.' },
  ],
  [
    '13227,21215',
    false,
    { en: 'Your account may not call that country yet.', es: 'Su cuenta aún no puede llamar a ese país.' },
    {
      en: 'Enable the country in Twilio, under geographic permissions for voice.',
      es: 'Active el país en Twilio, en los permisos geográficos de voz.',
    },
  ],
  [
    '13225,21216',
    false,
    { en: 'Twilio does not let your account call that number.', es: 'Twilio no permite a su cuenta llamar a ese número.' },
    {
      en: 'Reach the person another way, or ask Twilio about the number.',
      es: 'Contacte a la persona por otro medio o consulte a Twilio.',
    },
  ],
  [
    '21219',
    false,
    { en: 'Your trial account can call only verified numbers.', es: 'Su cuenta de prueba solo puede llamar a números verificados.' },
    { en: 'Verify the number in Twilio, or upgrade the account.', es: 'Verifique el número en Twilio o pase a una cuenta completa.' },
  ],
  [
    '21210,21213',
    false,
    { en: 'The number you call from is not one of your account.', es: 'El número desde el que llama no es de su cuenta.' },
    {
      en: 'Call from one of your numbers, or verify this one in Twilio.',
      es: 'Llame desde uno de sus números o verifique este en Twilio.',
    },
  ],
  [
    '21220',
    false,
    { en: 'The call was over already.', es: 'La llamada ya había terminado.' },
    { en: 'Nothing to do.', es: 'No tiene que hacer nada.' },
  ],
  [
    '21609,21626',
    false,
    {
      en: "Twilio cannot use this installation's public address.",
      es: 'Twilio no puede usar la dirección pública de esta instalación.',
    },
    {
      en: 'Set PUBLIC_URL to an https address that Twilio can reach.',
      es: 'Ponga en PUBLIC_URL una dirección https que Twilio pueda alcanzar.',
    },
  ],
  [
    '21611,30001',
    true,
    { en: 'Too many messages already wait to leave from your number.', es: 'Ya hay demasiados mensajes esperando salir de su número.' },
    { en: 'Wait before you send more.', es: 'Espere antes de enviar más.' },
  ],
  [
    '21602,21617,21619',
    false,
    { en: 'The message is empty or too long.', es: 'El mensaje está vacío o es demasiado largo.' },
    { en: 'Write between 1 and 1,600 characters.', es: 'Escriba entre 1 y 1600 caracteres.' },
  ],
  [
    '11751,12300,21620,63019',
    false,
    {
      en: 'A media file could not be fetched, is too large, or has a wrong type.',
      es: 'Un archivo no se pudo descargar, es demasiado grande o es de un tipo incorrecto.',
    },
    { en: 'Check the file, its size and its type, and send it again.', es: 'Revise el archivo, su tamaño y su tipo, y envíelo otra vez.' },
  ],
  [
    '21655,21656,63021',
    false,
    { en: 'The template or its variables are not valid.', es: 'La plantilla o sus variables no son válidas.' },
    { en: 'Compare your message with the template in Twilio.', es: 'Compare su mensaje con la plantilla en Twilio.' },
  ],
  [
    '63003',
    false,
    { en: 'That is not an address on WhatsApp.', es: 'Esa no es una dirección de WhatsApp.' },
    { en: 'Check the number and its country code.', es: 'Revise el número y su código de país.' },
  ],
  [
    '63007',
    false,
    {
      en: 'The number you send from is not a WhatsApp sender in Twilio.',
      es: 'El número desde el que envía no es un remitente de WhatsApp en Twilio.',
    },
    { en: 'Register it in Twilio, under WhatsApp senders.', es: 'Regístrelo en Twilio, en los remitentes de WhatsApp.' },
  ],
  [
    '63015',
    false,
    {
      en: "The person has not joined Twilio's WhatsApp sandbox.",
      es: 'La persona no se ha unido al entorno de pruebas de WhatsApp de Twilio.',
    },
    { en: 'They must send its code to the sandbox number first.', es: 'Antes tiene que enviar su código al número de pruebas.' },
  ],
];
