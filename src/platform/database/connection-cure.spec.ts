import { cureOf } from './connection-cure.js';

const refusal = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

it.each([
  ['a password that is missing', refusal('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'the URL has none'],
  ['one that is wrong', refusal('password authentication failed for user "x"', '28P01'), '%40'],
  ['a database that is not there', refusal('database "x" does not exist', '3D000'), 'create database'],
  ['a pooler that takes no options', refusal('unsupported startup parameter: options', '08P01'), 'alter role'],
  ['a server without TLS', refusal('The server does not support SSL connections'), 'Take sslmode out'],
  ['a server that wants TLS', refusal('no pg_hba.conf entry for host "x", user "y", no encryption', '28000'), 'sslmode=verify-full'],
  ['a certificate nobody knows', refusal('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'sslrootcert'],
  ['what nobody foresaw', refusal('connect ECONNREFUSED', 'ECONNREFUSED'), 'Check the server'],
])('%s has its cure', (_name, error, cure) => {
  expect(cureOf(error)).toContain(cure);
});
