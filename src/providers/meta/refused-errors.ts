import { type ExplainedCodes } from '../../core/adapters/error-explanation.js';

/** Why Meta refuses a message before it tries to deliver it. Source: Meta, WhatsApp Cloud API, Error codes; 131062: Business-scoped user IDs. */
export const REFUSED_ROWS: readonly ExplainedCodes[] = [
  [
    '4,80007',
    true,
    { en: 'You asked too much of WhatsApp in a short time.', es: 'Pidió demasiado a WhatsApp en poco tiempo.' },
    { en: 'Nothing to do: it will be tried again.', es: 'No tiene que hacer nada: se intentará de nuevo.' },
  ],
  [
    '131048',
    true,
    {
      en: 'Too many of your messages were blocked or reported, and WhatsApp restricts your number.',
      es: 'Se bloquearon o denunciaron demasiados mensajes suyos y WhatsApp restringe su número.',
    },
    {
      en: "Look at the number's quality in WhatsApp Manager before you send more.",
      es: 'Mire la calidad del número en el Administrador de WhatsApp antes de enviar más.',
    },
  ],
  [
    '1,2,131000,131016',
    true,
    { en: 'Something went wrong at Meta.', es: 'Algo falló en Meta.' },
    { en: 'See whether the message arrived before you send it again.', es: 'Compruebe si el mensaje llegó antes de enviarlo de nuevo.' },
  ],
  [
    '0,3,10,200,131005',
    false,
    { en: 'Your access token may not do this.', es: 'Su token no tiene permiso para esto.' },
    {
      en: 'Give the system user the WhatsApp permissions at Meta, and the number to its assets.',
      es: 'Dé en Meta al usuario del sistema los permisos de WhatsApp y acceso al número.',
    },
  ],
  [
    '33,100,131008,131009',
    false,
    {
      en: 'Meta did not accept the message as it was written, or does not know the number it is sent from.',
      es: 'Meta no aceptó el mensaje tal como está escrito, o no conoce el número desde el que se envía.',
    },
    { en: 'See what Meta says about it, and change that.', es: 'Vea lo que dice Meta y cámbielo.' },
  ],
  [
    '131021',
    false,
    { en: 'A number cannot write to itself.', es: 'Un número no puede escribirse a sí mismo.' },
    { en: 'Send to another number.', es: 'Envíe a otro número.' },
  ],
  [
    '131030',
    false,
    {
      en: "Meta's test number can write only to numbers on its list.",
      es: 'El número de pruebas de Meta solo puede escribir a los números de su lista.',
    },
    {
      en: 'Add the number to the list at Meta, or send from a number of your own.',
      es: 'Añada el número a la lista en Meta o envíe desde un número propio.',
    },
  ],
  [
    '131045,133010',
    false,
    { en: 'The number you send from is not registered with WhatsApp.', es: 'El número desde el que envía no está registrado en WhatsApp.' },
    { en: 'Register it at Meta.', es: 'Regístrelo en Meta.' },
  ],
  [
    '131057',
    true,
    { en: 'Meta is working on your account.', es: 'Meta está haciendo mantenimiento en su cuenta.' },
    { en: 'Try again in some minutes.', es: 'Inténtelo de nuevo en unos minutos.' },
  ],
  [
    '131062',
    false,
    {
      en: 'A code can be sent only to a phone number, and this person is known by a user id.',
      es: 'Un código solo puede enviarse a un número de teléfono, y de esta persona solo se conoce su id.',
    },
    { en: 'Ask the person for their number.', es: 'Pida a la persona su número.' },
  ],
  [
    '132005,132007,132012,132018',
    false,
    { en: 'The template cannot be sent with these variables.', es: 'La plantilla no se puede enviar con estas variables.' },
    { en: 'Compare your message with the approved template.', es: 'Compare su mensaje con la plantilla aprobada.' },
  ],
  [
    '132015,132016',
    false,
    { en: 'Meta paused or disabled the template for its quality.', es: 'Meta pausó o desactivó la plantilla por su calidad.' },
    { en: 'Change the template at Meta, or use another.', es: 'Cambie la plantilla en Meta o use otra.' },
  ],
];
