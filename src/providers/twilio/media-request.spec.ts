import { describe, expect, it } from '@jest/globals';
import { mediaRequest } from './media-request.js';

const account = { accountSid: 'AC1', authToken: 'token', baseUrl: undefined };
const PATH = '/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1';
const authorization = `Basic ${Buffer.from('AC1:token').toString('base64')}`;

describe('A file at Twilio', () => {
  it('is asked for as its URL says, with the account and its token', () => {
    expect(mediaRequest(`https://api.twilio.com${PATH}`, account)).toEqual({
      url: `https://api.twilio.com${PATH}`,
      headers: { authorization },
      hosts: ['api.twilio.com', '*.twilio.com', '*.twiliocdn.com', 's3-external-1.amazonaws.com'],
    });
  });

  it('is asked for at TWILIO_BASE_URL where that is set, which may then be asked whatever its address', () => {
    const request = mediaRequest(`https://api.twilio.com${PATH}`, { ...account, baseUrl: 'http://127.0.0.1:4010/' });
    expect(request.url).toBe(`http://127.0.0.1:4010${PATH}`);
    expect(request.headers).toEqual({ authorization });
    expect(request.hosts).toContain('http://127.0.0.1:4010');
  });

  it.each([
    'https://api.twilio.com.evil.example/x',
    'http://api.twilio.com/x',
    'https://mms.twiliocdn.com/x',
    'https://example.com/x',
    'x',
  ])('at %s is asked for without credentials', (url) =>
    expect(mediaRequest(url, { ...account, baseUrl: 'http://127.0.0.1:4010' })).toMatchObject({ url, headers: {} }),
  );
});
