import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '../../platform/config/read-config.js';
import { variablesOf } from '../../platform/config/variable.js';
import { MetaConfig } from './meta.config.js';

describe('MetaConfig', () => {
  it('asks for nothing, and accepts what Meta shows', () => {
    expect(readConfig(MetaConfig, {}).missing).toEqual(['WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN']);
    const environment = {
      WHATSAPP_APP_SECRET: 'fx_8d41c7e0a29b4f63b5d2e1f09c8a7b64',
      WHATSAPP_VERIFY_TOKEN: 'fx-verify-norte-sur',
      WHATSAPP_ACCESS_TOKEN: 'EAAfx0000000000000000000000000000',
      WHATSAPP_PHONE_NUMBER_ID: '201122334455667',
      WHATSAPP_BUSINESS_ACCOUNT_ID: '104455667788990',
      WHATSAPP_BASE_URL: 'http://localhost:3000/sandbox',
    };
    expect(readConfig(MetaConfig, environment)).toMatchObject({ ...environment, missing: [] });
  });

  it('is off where either the secret or the verify token is missing', () => {
    expect(readConfig(MetaConfig, { WHATSAPP_APP_SECRET: 'fx_secret' }).missing).toEqual(['WHATSAPP_VERIFY_TOKEN']);
    expect(readConfig(MetaConfig, { WHATSAPP_VERIFY_TOKEN: 'fx-verify' }).missing).toEqual(['WHATSAPP_APP_SECRET']);
  });

  it.each(variablesOf(MetaConfig).map(({ name }) => name))('a wrong %s is one line that names it and hides the value', (name) => {
    const read = () => readConfig(MetaConfig, { [name]: 's3cr t' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} must be [^\\n]*$`));
    expect(read).not.toThrow(/s3cr t/);
  });
});
