import { SAMPLE_TEMPLATES, type SampleTemplate } from './sample-templates.js';

const STANDARD_PAGE_SIZE = 25;

/** A page of the templates. `url`: of the list, without its query. Source: Meta, WhatsApp Business Management API, Message templates. */
export function templatePage(query: URLSearchParams, url: string): object {
  const [name, status, language] = ['name', 'status', 'language'].map((one) => query.get(one));
  const all = SAMPLE_TEMPLATES.filter(
    (one) => (!name || one.name === name) && (!status || one.status === status) && (!language || one.language === language),
  );
  const asked = Number(query.get('limit') ?? STANDARD_PAGE_SIZE);
  const size = Number.isInteger(asked) && asked >= 1 ? Math.min(asked, 250) : STANDARD_PAGE_SIZE;
  const start = Number(Buffer.from(query.get('after') ?? '', 'base64url').toString()) || 0;
  const shown = all.slice(start, start + size);
  const cursor = (at: number) => Buffer.from(String(at)).toString('base64url');
  const next = new URLSearchParams(query);
  next.set('after', cursor(start + size));
  return {
    data: shown.map(present),
    paging: {
      cursors: { before: cursor(start), after: cursor(start + shown.length) },
      ...(start + size < all.length && { next: `${url}?${next.toString()}` }),
    },
  };
}

function present(template: SampleTemplate): object {
  const { name, language, status, category, body, variables, header, footer, replies } = template;
  const examples = Object.values(variables);
  return {
    name,
    parameter_format: 'POSITIONAL',
    components: [
      ...(header ? [{ type: 'HEADER', format: 'TEXT', text: header }] : []),
      { type: 'BODY', text: body, ...(examples.length && { example: { body_text: [examples] } }) },
      ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
      ...(replies ? [{ type: 'BUTTONS', buttons: replies.map((text) => ({ type: 'QUICK_REPLY', text })) }] : []),
    ],
    language,
    status,
    category,
    id: `90000000000000${template.number}`,
  };
}
