import { Injectable } from '@nestjs/common';
import { type MediaRequest } from '../../core/adapters/channel-adapter.js';
import { graphUrl } from './graph-url.js';
import { MetaConfig } from './meta.config.js';
import { textAt } from './payload-fields.js';

const TIMEOUT_MS = 10_000;
/** Meta serves no file to a request that does not say who asks. Source: Meta, WhatsApp Cloud API, Media, Download media. */
const USER_AGENT = 'Centralita';
/** Where Meta's download addresses are, and where they have led to. */
const FILE_HOSTS = ['lookaside.fbsbx.com', '*.fbcdn.net', '*.whatsapp.net'];

/** Where the files of messages are: Meta gives an address of minutes for a media id. */
@Injectable()
export class GraphMedia {
  constructor(private readonly config: MetaConfig) {}

  /**
   * Asks Meta where the file of an attachment lies now. Throws where Meta says no (also that the id is too old: 7 days), or cannot be asked.
   * Source: Meta, WhatsApp Cloud API, Media, Retrieve media URL.
   */
  async locate(sourceUrl: string): Promise<MediaRequest> {
    const token = this.config.WHATSAPP_ACCESS_TOKEN;
    if (token === undefined) throw new Error('WHATSAPP_ACCESS_TOKEN is not set: Meta gives its files to nobody without.');
    const asked = graphUrl(this.config.WHATSAPP_BASE_URL, sourceUrl);
    const headers = { authorization: `Bearer ${token}`, 'user-agent': USER_AGENT };
    const response = await fetch(asked, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer: unknown = await response.json().catch(() => undefined);
    const url = textAt(answer, 'url');
    if (!response.ok || url === undefined) throw new Error(`Meta does not say where the file is: ${reasonOf(response.status, answer)}`);
    return { url, headers, hosts: [...FILE_HOSTS, asked.hostname] };
  }
}

function reasonOf(status: number, answer: unknown): string {
  const message = textAt(answer, 'error', 'message') ?? `HTTP ${status}`;
  const code = textAt(answer, 'error', 'code');
  return code === undefined ? message : `${message} (${code})`;
}
