import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '../../platform/config/read-config.js';
import { variablesOf } from '../../platform/config/variable.js';
import { TwilioConfig } from './twilio.config.js';

describe('TwilioConfig', () => {
  it('asks for nothing, and accepts what the console shows', () => {
    expect(readConfig(TwilioConfig, {}).missing).toEqual(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']);
    const environment = {
      TWILIO_ACCOUNT_SID: 'AC5c0ffee00000000000000000000000a1',
      TWILIO_AUTH_TOKEN: 'fx_3c1f6a0b9d2e4875a6b1c0d9e8f70512',
      TWILIO_PHONE_NUMBER: '+12025550110',
      TWILIO_MESSAGING_SERVICE_SID: 'MG8f7b74e3ab08bdd29b25f309c061d565',
      TWILIO_BASE_URL: 'http://localhost:3000/sandbox',
    };
    expect(readConfig(TwilioConfig, environment)).toMatchObject({ ...environment, missing: [] });
  });

  it.each(variablesOf(TwilioConfig).map(({ name }) => name))('a wrong %s is one line that names it and hides the value', (name) => {
    try {
      readConfig(TwilioConfig, { [name]: 's3cr t' });
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      const { lines } = error as ConfigError;
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(new RegExp(`^${name} must be `));
      expect(lines[0]).not.toContain('s3cr t');
    }
  });
});
