/** A file that the stand-in serves where nobody gave it one. */
export interface SampleFile {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A photograph of nothing: gray, in baseline JPEG (ITU-T T.81), each block no more than the codes for "as the one before" and "the end". */
export function samplePhoto(widthPx = 64, heightPx = 48): SampleFile {
  const segment = (marker: number, bytes: readonly number[]) => [
    0xff,
    marker,
    (bytes.length + 2) >> 8,
    (bytes.length + 2) & 0xff,
    ...bytes,
  ];
  const oneCode = [1, ...zeros(15), 0];
  const blocks = Math.ceil(widthPx / 8) * Math.ceil(heightPx / 8);
  const bytes = Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xdb, [0, ...zeros(64).map(() => 1)]),
    ...segment(0xc0, [8, heightPx >> 8, heightPx & 0xff, widthPx >> 8, widthPx & 0xff, 1, 1, 0x11, 0]),
    ...segment(0xc4, [0x00, ...oneCode]),
    ...segment(0xc4, [0x10, ...oneCode]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...zeros(Math.ceil((blocks * 2) / 8)),
    ...[0xff, 0xd9],
  ]);
  return { contentType: 'image/jpeg', bytes };
}

/** One page with a line of text. */
export function sampleDocument(text = 'A document of the sandbox'): SampleFile {
  const stream = `BT /F1 24 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = pdf.length;
    pdf += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const end = `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
  return { contentType: 'application/pdf', bytes: Buffer.from(pdf + end, 'latin1') };
}

/** Silence, in frames of MPEG-1 Layer III: mono, 32 kbit/s, 44.1 kHz, of which 38 make a second. */
export function sampleMp3(durationSeconds = 2): SampleFile {
  const frame = [0xff, 0xfb, 0x10, 0xc4, ...zeros(100)];
  return { contentType: 'audio/mpeg', bytes: Buffer.concat(zeros(Math.ceil(durationSeconds * 38.28)).map(() => Buffer.from(frame))) };
}

/** A tone of 440 Hz: mono, 16 bits, 8 kHz. */
export function sampleWav(durationSeconds = 2): SampleFile {
  const [rate, sampleCount] = [8000, Math.ceil(durationSeconds * 8000)];
  const bytes = Buffer.alloc(44 + sampleCount * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + sampleCount * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(sampleCount * 2, 40);
  for (let i = 0; i < sampleCount; i++) bytes.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + i * 2);
  return { contentType: 'audio/wav', bytes };
}

/** Something of a type, a photo where there is nothing better. */
export function sampleOf(contentType: string): SampleFile {
  if (contentType === 'application/pdf') return sampleDocument();
  return contentType.startsWith('audio/') ? sampleMp3() : samplePhoto();
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
