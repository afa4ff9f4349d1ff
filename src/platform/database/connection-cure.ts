import { reasonOf } from '../errors/reason-of.js';

/** What a refusal says or has for its code → what to do. Sources: PostgreSQL's SQLSTATEs, pg, PgBouncer, and Node's TLS codes. */
const CURES: readonly (readonly [sign: RegExp, cure: string])[] = [
  [
    /client password must be a (non-empty )?string/,
    'The server asks for a password and the URL has none: postgresql://user:password@host/database',
  ],
  [/^28P01/, 'Check the user and the password; in a URL @ : / ? # % of a password are written %40 %3A %2F %3F %23 %25'],
  [/^3D000/, "Create it (create database … encoding 'UTF8' template template0), or name another"],
  [
    /^08P01 .*startup parameter/,
    'A pooler takes neither `options` nor `schema` of the URL: take them out, and set what they say by `alter role … set …`, search_path say',
  ],
  [/does not support SSL/, 'Take sslmode out of the URL, or let the server speak TLS'],
  [/^28000 .*(no encryption|SSL off)/, 'The server wants TLS: add ?sslmode=verify-full to the URL'],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT)/,
    'Name the certificate of the authority that signed for the server by sslrootcert=<file>, or check none by sslmode=no-verify',
  ],
];

/** What to do where a database does not let us in. */
export function cureOf(error: unknown): string {
  const { code }: { code?: unknown } = typeof error === 'object' && error !== null ? error : {};
  const said = `${typeof code === 'string' ? `${code} ` : ''}${reasonOf(error)}`;
  return CURES.find(([sign]) => sign.test(said))?.[1] ?? 'Check the server and the URL';
}
