import { Injectable } from '@nestjs/common';
import { type MediaRequest } from '../../core/adapters/channel-adapter.js';
import { fileHashOf } from './file-hash.js';
import { graphUrl } from './graph-url.js';
import { MetaConfig } from './meta.config.js';
import { memberOf, textAt } from './payload-fields.js';

const TIMEOUT_MS = 10_000;
/** Meta serves no file to a request that does not say who asks. Source: Meta, WhatsApp Cloud API, Media, Download media. */
const USER_AGENT = 'Centralita';
/** Where Meta's download addresses are, and where they have led to. */
const FILE_HOSTS = ['lookaside.fbsbx.com', '*.fbcdn.net', '*.whatsapp.net'];
/** Source: Meta, WhatsApp Cloud API, Error codes. */
const EXPIRED_TOKEN = '190';
const THROTTLED: ReadonlySet<string> = new Set(['4', '80007', '130429']);

/** Where the files of messages are: Meta gives an address of minutes for a media id. */
@Injectable()
export class GraphMedia {
  constructor(private readonly config: MetaConfig) {}

  /**
   * Asks Meta with an access token where the file of an attachment lies now. Throws where Meta says no, with a `status` (an id is known for about 7 days), or
   * where it cannot be asked. `sha256`: of the file, in hex, as the message told it; what Meta says now goes before it.
   * Source: Meta, WhatsApp Cloud API, Media, Retrieve media URL.
   */
  async locate(sourceUrl: string, token: string, sha256?: string): Promise<MediaRequest> {
    const asked = graphUrl(this.config.WHATSAPP_BASE_URL, sourceUrl);
    const headers = { authorization: `Bearer ${token}`, 'user-agent': USER_AGENT };
    const response = await fetch(asked, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer: unknown = await response.json().catch(() => undefined);
    const url = textAt(answer, 'url');
    if (!response.ok || url === undefined) throw new GraphRefusal(response.status, answer);
    // What the operator configured may be anywhere; Meta's own is asked by https alone.
    const hosts = [...FILE_HOSTS, this.config.WHATSAPP_BASE_URL === undefined ? asked.hostname : asked.origin];
    const hash = fileHashOf(answer) ?? sha256;
    return { url, headers, hosts, ...(hash !== undefined && { sha256: hash }) };
  }
}

/** Why Meta did not say where a file is, with the HTTP status that says it best: its own is 400 for nearly everything. */
class GraphRefusal extends Error {
  readonly status: number;

  constructor(status: number, answer: unknown) {
    const error = memberOf(answer, 'error');
    const code = textAt(error, 'code');
    super(`Meta does not say where the file is: ${textAt(error, 'message') ?? `HTTP ${status}`}${code === undefined ? '' : ` (${code})`}`);
    this.name = 'GraphRefusal';
    if (memberOf(error, 'is_transient') === true || THROTTLED.has(code ?? '')) this.status = 503;
    else if (code === EXPIRED_TOKEN) this.status = 401;
    else this.status = status < 400 ? 502 : status;
  }
}
