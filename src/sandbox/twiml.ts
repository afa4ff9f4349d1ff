/** One verb, or what it holds: `<Dial action="…"><Number>+1…</Number></Dial>`. */
export interface TwimlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly TwimlElement[];
}

const TAG = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The verbs of a TwiML document, in their order. As much of XML as TwiML needs: elements, attributes, text. What is none has no verbs,
 * as a document with an error has none for Twilio.
 */
export function readTwiml(document: string): readonly TwimlElement[] {
  const root: MutableElement = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  let at = 0;
  const text = document.replace(/<\?[^]*?\?>|<!--[^]*?-->/g, '');
  for (const tag of text.matchAll(TAG)) {
    const [whole, closing, name = '', attributes = '', empty] = tag;
    open.at(-1)!.text += unescaped(text.slice(at, tag.index));
    at = tag.index + whole.length;
    if (closing) {
      if (open.at(-1)!.name !== name || open.length === 1) return [];
      open.pop();
      continue;
    }
    const element: MutableElement = { name, attributes: readAttributes(attributes), text: '', children: [] };
    open.at(-1)!.children.push(element);
    if (!empty) open.push(element);
  }
  const [response] = root.children;
  return open.length === 1 && response?.name === 'Response' ? response.children : [];
}

interface MutableElement extends TwimlElement {
  text: string;
  children: MutableElement[];
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name, unescaped(double ?? single ?? '')]),
  );
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? entity;
    return String.fromCodePoint(decimal !== undefined ? Number(decimal) : parseInt(hex!, 16));
  });
}
