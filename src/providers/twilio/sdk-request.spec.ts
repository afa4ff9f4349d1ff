import { describe, expect, it } from '@jest/globals';
import { formOf, reachedAt } from './sdk-request.js';

describe('reachedAt', () => {
  it.each([
    [undefined, 'https://api.twilio.com/2010-04-01/Accounts.json', 'https://api.twilio.com/2010-04-01/Accounts.json'],
    ['http://localhost:3000/', 'https://api.twilio.com/2010-04-01/Accounts.json', 'http://localhost:3000/2010-04-01/Accounts.json'],
    [
      'https://proxy.example.com/twilio',
      'https://content.twilio.com/v1/Content?PageSize=5',
      'https://proxy.example.com/twilio/v1/Content?PageSize=5',
    ],
    ['https://api.dublin.ie1.twilio.com', 'https://content.twilio.com/v1/Content', 'https://content.dublin.ie1.twilio.com/v1/Content'],
    ['https://api.twilio.com.example.com', 'https://content.twilio.com/v1/Content', 'https://api.twilio.com.example.com/v1/Content'],
  ])('with the base %s, %s is %s', (base, uri, url) => {
    expect(reachedAt(uri, undefined, base)).toBe(url);
  });

  it('adds the parameters to those there are', () => {
    expect(reachedAt('https://api.twilio.com/x?a=1', { 'DateSent>': '2026-01-01', b: undefined }, undefined)).toBe(
      'https://api.twilio.com/x?a=1&DateSent%3E=2026-01-01',
    );
  });
});

describe('formOf', () => {
  it('repeats the members of a list, and leaves out what is not there', () => {
    expect(formOf({ To: '+1', MediaUrl: ['a&b', 'ñ'], Record: true, Body: undefined, From: null })).toBe(
      'To=%2B1&MediaUrl=a%26b&MediaUrl=%C3%B1&Record=true',
    );
  });
});
