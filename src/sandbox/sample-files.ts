import { crc32, deflateSync } from 'node:zlib';

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

/** A gray picture, in PNG (W3C, 8 bits of grayscale, no filter). */
export function samplePicture(widthPx = 64, heightPx = 48): SampleFile {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
  };
  const head = Buffer.concat([uint32(widthPx), uint32(heightPx), Buffer.from([8, 0, 0, 0, 0])]);
  const lines = Buffer.concat(zeros(heightPx).map(() => Buffer.concat([Buffer.from([0]), Buffer.alloc(widthPx, 0x80)])));
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  return { contentType: 'image/png', bytes: Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]) };
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

/** What there is a sample of, and the last digit of the sid of such a file at Twilio. */
const SAMPLES: readonly { readonly type: string; readonly digit: string; readonly make: () => SampleFile }[] = [
  { type: 'image/jpeg', digit: '0', make: () => samplePhoto() },
  { type: 'application/pdf', digit: '1', make: () => sampleDocument() },
  { type: 'image/png', digit: 'a', make: () => samplePicture() },
  { type: 'audio/mpeg', digit: 'c', make: () => sampleMp3() },
  { type: 'audio/wav', digit: 'e', make: () => sampleWav() },
];

export const SAMPLE_TYPES: readonly string[] = SAMPLES.map(({ type }) => type);

const sampleWhere = (of: 'type' | 'digit', value: string) => SAMPLES.find((sample) => sample[of] === value);

/** Of a type that there is none of, a photo. */
export function sampleOf(type: string): SampleFile {
  return sampleWhere('type', type)?.make() ?? samplePhoto();
}

/** What a media sid ends in: so a file needs no memory. */
export function digitOf(type: string): string {
  return sampleWhere('type', type)?.digit ?? '0';
}

/** Every sid is one: those of another odd digit a document, all others a photo. */
export function sampleOfMedia(sid: string): SampleFile {
  const digit = sid.slice(-1);
  return sampleWhere('digit', digit)?.make() ?? (/[3579bdf]/.test(digit) ? sampleDocument() : samplePhoto());
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
