import { defineError, ErrorCode } from '../../platform/errors/coded-error.js';

export const secretsKeyMissing = defineError(
  ErrorCode.PROVIDER_NOT_CONFIGURED,
  () =>
    'Secrets can be kept only encrypted: set SECRETS_KEY, the same for every process, to what `openssl rand -base64 32` prints, and start again.',
);
