/**
 * A Content-Disposition header. The name comes twice where it is not plain ASCII: for old readers with `_` for what they cannot read, and
 * whole. Source: RFC 6266, RFC 8187.
 */
export function contentDisposition(kind: 'inline' | 'attachment', fileName: string | null): string {
  // A name is no path, and holds nothing that ends a header.
  const name = fileName
    ?.replace(/\p{Cc}/gu, '')
    .split(/[/\\]/)
    .at(-1);
  if (!name) return kind;
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["%\\]/g, '_');
  const whole = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${whole}`}`;
}
