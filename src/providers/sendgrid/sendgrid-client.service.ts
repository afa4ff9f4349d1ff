import sendgrid from '@sendgrid/mail';
import { type WebClient } from '../../platform/http/web-client.service.js';
import { accepted, type WebAnswer } from '../../platform/http/web-request.js';

export type MailService = typeof sendgrid;

/** The class of the one instance that the package gives away; each of its instances has a client of its own, which its types leave out. */
const Service = sendgrid.constructor as new () => MailService & {
  readonly client: { setDefaultRequest(name: string, value: unknown): void };
};

/** What its client gives axios, as far as it is read here. */
interface AxiosRequest {
  readonly method: string;
  readonly baseURL: string;
  readonly url: string;
  readonly headers: { toJSON(): Record<string, string> };
  readonly data: string;
}

/**
 * The official client for one API key, that asks by `web` in place of axios' own sockets: those say the same of a connection that broke before
 * the request and after it, follow redirects, and go by a proxy of the environment. An answer other than 2xx is thrown as Declined.
 */
export function mailService(apiKey: string, baseUrl: string | undefined, web: WebClient): MailService {
  const service = new Service();
  service.setApiKey(apiKey);
  // After the key, which sets it back.
  if (baseUrl !== undefined) service.client.setDefaultRequest('baseUrl', baseUrl);
  service.client.setDefaultRequest('adapter', (request: AxiosRequest) => askedBy(web, request));
  return service;
}

async function askedBy(web: WebClient, { method, baseURL, url, headers, data }: AxiosRequest): Promise<object> {
  const answer: WebAnswer = accepted(
    await web.send({ method, url: `${baseURL.replace(/\/+$/, '')}${url}`, headers: { ...headers.toJSON() }, body: data }),
  );
  return { status: answer.status, statusText: '', headers: answer.headers, data: answer.body, config: {} };
}
