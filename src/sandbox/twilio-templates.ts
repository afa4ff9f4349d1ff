import { SAMPLE_TEMPLATES, type SampleTemplate } from './sample-templates.js';

const API = 'https://content.twilio.com/v1';
const MADE_AT = '2026-01-15T09:00:00Z';

const contentSidOf = ({ number }: SampleTemplate): string => `HX${String(number).padStart(32, '0')}`;

export function templateOf(contentSid: string): SampleTemplate | undefined {
  return SAMPLE_TEMPLATES.find((template) => contentSidOf(template) === contentSid);
}

/** A template as Twilio's Content API shows it. Source: Twilio docs, Content API, Content resource. */
export function presentContent(template: SampleTemplate, accountSid: string): object {
  const sid = contentSidOf(template);
  const url = `${API}/Content/${sid}`;
  return {
    ...common(template, accountSid),
    url,
    links: { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` },
  };
}

/** The same with WhatsApp's approval. */
export function presentContentAndApproval(template: SampleTemplate, accountSid: string): object {
  return { ...common(template, accountSid), approval_requests: approvalOf(template) };
}

export function presentApproval(template: SampleTemplate, accountSid: string): object {
  const sid = contentSidOf(template);
  const whatsapp = { type: 'whatsapp', ...approvalOf(template) };
  return { sid, account_sid: accountSid, whatsapp, url: `${API}/Content/${sid}/ApprovalRequests`, links: {} };
}

function common(template: SampleTemplate, accountSid: string): object {
  return {
    sid: contentSidOf(template),
    account_sid: accountSid,
    friendly_name: template.name,
    language: template.language,
    variables: template.variables,
    types: typesOf(template),
    date_created: MADE_AT,
    date_updated: MADE_AT,
  };
}

function typesOf({ body, replies }: SampleTemplate): object {
  if (!replies) return { 'twilio/text': { body } };
  return { 'twilio/quick-reply': { body, actions: replies.map((title, i) => ({ type: 'QUICK_REPLY', title, id: String(i + 1) })) } };
}

function approvalOf({ name, category, status, replies }: SampleTemplate): object {
  return {
    name,
    category,
    content_type: replies ? 'twilio/quick-reply' : 'twilio/text',
    status: status.toLowerCase(),
    rejection_reason: status === 'REJECTED' ? 'INCORRECT_CATEGORY' : '',
    allow_category_change: true,
  };
}

/** A page of the APIs of `/v1`. Source: Twilio docs, Response types, paging; the page's token is where it begins. */
export function contentPage(path: string, query: URLSearchParams, items: readonly object[]): object {
  const asked = Number(query.get('PageSize') ?? 50);
  const size = Number.isInteger(asked) && asked >= 1 ? Math.min(asked, 500) : 50;
  const number = Math.max(0, Math.floor(Number(query.get('Page')) || 0));
  const start = number * size;
  const url = (nth: number) => `${API}${path}?PageSize=${size}&Page=${nth}${nth > 0 ? `&PageToken=PT${nth * size}` : ''}`;
  return {
    contents: items.slice(start, start + size),
    meta: {
      page: number,
      page_size: size,
      first_page_url: url(0),
      previous_page_url: number > 0 ? url(number - 1) : null,
      url: url(number),
      next_page_url: start + size < items.length ? url(number + 1) : null,
      key: 'contents',
    },
  };
}
