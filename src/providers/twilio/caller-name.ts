/** What carriers put where they have no name. */
const NO_NAME =
  /^(?:wireless caller|cell(?:ular)? (?:phone|caller)|toll free(?: call| caller| number)?|name unavailable|unknown(?: name| caller)?|unavailable|anonymous|private(?: caller| number)?|restricted|out of area|no name|none|united states|canada|(?:potential )?(?:spam|scam)(?: likely| risk)?|v\d{10,})$/i;
/** Characters. A carrier's line has fifteen. */
const LONGEST_LINE = 40;
/** A city, filled up with spaces, and its state or province. */
const PLACE =
  /^[A-Z.' -]+ {2,}(?:A[BKLRZ]|BC|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ABDEINOST]|N[BCDEHJLMSTUVY]|O[HKNR]|P[AERQ]|QC|RI|S[CDK]|T[NX]|UT|V[AIT]|W[AIVY]|YT)$/;
/** Letters of a city that a line of fifteen characters has room for, with its state. */
const SHORTENED = 12;

/** Where the caller's number is from, as the webhook says. */
interface NumberPlace {
  readonly city?: string;
  readonly state?: string;
}

/**
 * The name that the caller's carrier gives, undefined where what it gives stands for none: of a number without a name that is the place which the
 * number is from. Source: Twilio help, "Getting Started with CNAM Caller ID".
 */
export function callerNameOf(name: string | undefined, place: NumberPlace = {}): string | undefined {
  const given = name?.trim() ?? '';
  if (given.length > LONGEST_LINE) return given;
  return !/\p{L}/u.test(given) || NO_NAME.test(given) || PLACE.test(given) || isPlace(given, place) ? undefined : given;
}

function isPlace(name: string, { city = '', state = '' }: NumberPlace): boolean {
  const shown = lettersOf(name);
  const [full, short] = [lettersOf(city), lettersOf(city.slice(0, SHORTENED))];
  return full !== '' && [full, short].some((letters) => shown === letters || shown === letters + lettersOf(state));
}

const lettersOf = (text: string): string => text.replace(/[^\p{L}]/gu, '').toUpperCase();
