import { type ErrorExplanation } from '../adapters/error-explanation.js';

/** Why we ourselves refuse a send, or give it up: an error of the mutation before it is accepted, of the activity after it. */
export type OwnErrorCode =
  | 'OPTED_OUT'
  | 'SUPPRESSED'
  | 'WHATSAPP_WINDOW_CLOSED'
  | 'CONVERSATION_MOVED'
  | 'TEMPLATE_INVALID'
  | 'PROVIDER_NOT_CONFIGURED'
  | 'PERSON_ERASED'
  | 'SENDER_TAKEN'
  | 'FILE_GONE'
  | 'NOT_SENT';

/** In words a person can act on. */
export const OWN_ERRORS: Readonly<Record<OwnErrorCode, ErrorExplanation>> = {
  OPTED_OUT: {
    message: {
      en: 'This person asked not to be contacted from this sender.',
      es: 'Esta persona pidió que no se le contacte desde este remitente.',
    },
    hint: {
      en: 'By SMS they can write START; else, once they tell you that you may, lift the opt-out.',
      es: 'Por SMS puede escribir START; si no, cuando le diga que sí, levante la baja.',
    },
    retryable: false,
  },
  SUPPRESSED: {
    message: {
      en: 'Mail to this address bounced, was reported as spam or was unsubscribed from.',
      es: 'El correo a esta dirección rebotó, se marcó como spam o se dio de baja.',
    },
    hint: {
      en: 'Check the address with the person; then lift the opt-out of the address.',
      es: 'Compruebe la dirección con la persona; después levante la baja de la dirección.',
    },
    retryable: false,
  },
  WHATSAPP_WINDOW_CLOSED: {
    message: {
      en: 'This person has not written to this WhatsApp sender in the last 24 hours.',
      es: 'Esta persona no ha escrito a este remitente de WhatsApp en las últimas 24 horas.',
    },
    hint: { en: 'Use a template, or wait until they write.', es: 'Use una plantilla, o espere a que escriba.' },
    retryable: false,
  },
  CONVERSATION_MOVED: {
    message: {
      en: 'The contact or a colleague has written since.',
      es: 'El contacto o alguien del equipo ha escrito desde entonces.',
    },
    hint: { en: 'Read what is new, then send again.', es: 'Lea lo nuevo y vuelva a enviar.' },
    retryable: true,
  },
  TEMPLATE_INVALID: {
    message: {
      en: 'The template, its language or its variables are not those that were approved.',
      es: 'La plantilla, su idioma o sus variables no son los aprobados.',
    },
    hint: { en: 'Look at `templates` for what it wants.', es: 'Mire en `templates` lo que pide.' },
    retryable: false,
  },
  PROVIDER_NOT_CONFIGURED: {
    message: {
      en: 'The provider of this sender is not configured for sending.',
      es: 'El proveedor de este remitente no está configurado para enviar.',
    },
    hint: {
      en: 'Ask whoever runs Centralita: `npx centralita doctor` says what is missing.',
      es: 'Pregunte a quien administra Centralita: `npx centralita doctor` dice qué falta.',
    },
    retryable: true,
  },
  PERSON_ERASED: {
    message: {
      en: 'Somebody whom it named beside its recipient was erased before it left.',
      es: 'Alguien a quien nombraba además del destinatario fue borrado antes de que saliera.',
    },
    hint: { en: 'Send it again without that address.', es: 'Envíelo de nuevo sin esa dirección.' },
    retryable: false,
  },
  SENDER_TAKEN: {
    message: {
      en: 'The address it was to leave from belongs to another organization by now.',
      es: 'La dirección desde la que iba a salir pertenece ahora a otra organización.',
    },
    hint: { en: 'Send it from an address of your own.', es: 'Envíelo desde una dirección propia.' },
    retryable: false,
  },
  FILE_GONE: {
    message: {
      en: 'A file that was to go with it is no longer there.',
      es: 'Un archivo que debía acompañarlo ya no existe.',
    },
    hint: { en: 'Upload the file again, then send again.', es: 'Vuelva a subir el archivo y envíe de nuevo.' },
    retryable: false,
  },
  NOT_SENT: {
    message: {
      en: 'The provider could not be reached, however often we tried.',
      es: 'No se pudo contactar con el proveedor, aunque se intentó varias veces.',
    },
    hint: { en: 'It was certainly not sent: send it again.', es: 'Con seguridad no se envió: vuelva a enviarlo.' },
    retryable: true,
  },
};

export function explainOwnError(code: string): ErrorExplanation | undefined {
  return Object.hasOwn(OWN_ERRORS, code) ? OWN_ERRORS[code as OwnErrorCode] : undefined;
}
