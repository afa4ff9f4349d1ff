import {
  BadRequestException,
  ForbiddenException,
  Inject,
  Injectable,
  NotFoundException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { Readable } from 'node:stream';
import { DatabaseService } from '../../platform/database/database.service.js';
import { AUTHENTICATOR, type Authenticator } from '../../platform/graphql/authenticator.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type ByteRange, readRange } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';
import { MediaFiles } from './media-files.service.js';
import { MediaLinks } from './media-links.service.js';
import { isShownInPlace } from './media-type.js';
import { UploadsService } from './uploads.service.js';

/** What a file is asked for with. */
export interface MediaAsked {
  readonly id: string;
  readonly query: { readonly expires?: unknown; readonly signature?: unknown };
  readonly range: string | undefined;
  /** Whether the headers alone are wanted. */
  readonly headOnly: boolean;
}

export interface MediaAnswer {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** Whatever a file says it is, a browser takes it for what we say, runs nothing in it and shares it with no cache of others. */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'referrer-policy': 'no-referrer',
  'accept-ranges': 'bytes',
} as const;

/** Safari shows a sandboxed one as an empty page; what runs in one stays in the reader. */
const PDF = 'application/pdf';

/** Files as they are read by a link, and taken in for later sends. */
@Injectable()
export class MediaService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly files: MediaFiles,
    private readonly uploads: UploadsService,
    private readonly links: MediaLinks,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
  ) {}

  /** Throws 403 for a link that is none of ours or has expired, 404 for a file that is gone. */
  async read({ id, query, range, headOnly }: MediaAsked): Promise<MediaAnswer> {
    if (!this.links.holds(id, query))
      throw new ForbiddenException('The link has expired or is not ours: ask `attachment(id)` for a fresh one.');
    const row = isUuid(id) ? await this.database.prisma.attachment.findUnique({ where: { id } }) : null;
    if (row?.state !== 'READY') throw gone();
    const sizeBytes = row.sizeBytes ?? 0;
    const part = headOnly ? undefined : readRange(range, sizeBytes);
    if (part === 'UNSATISFIABLE')
      return { status: 416, headers: { ...ALWAYS, 'content-range': `bytes */${sizeBytes}` }, body: Readable.from([]) };
    const wanted: ByteRange = part ?? { start: 0, end: sizeBytes - 1 };
    const body = headOnly ? Readable.from([]) : await this.files.get(row.uploadId ?? id, row.storedIn, wanted);
    if (!body) throw gone();
    const headers = {
      ...ALWAYS,
      'content-type': row.contentType,
      ...(row.contentType === PDF && { 'content-security-policy': "default-src 'none'" }),
      'content-length': String(wanted.end - wanted.start + 1),
      'content-disposition': contentDisposition(isShownInPlace(row.contentType) ? 'inline' : 'attachment', row.fileName),
      // The file behind a link never changes; the link lives for an hour.
      'cache-control': 'private, max-age=3600, immutable',
      ...(part && { 'content-range': `bytes ${part.start}-${part.end}/${sizeBytes}` }),
    };
    return { status: part ? 206 : 200, headers, body };
  }

  /** The id of what was taken in. Throws UNAUTHENTICATED, NOT_FOUND, FORBIDDEN, or 400 for an empty file. */
  async take(
    authorization: string | undefined,
    organizationId: unknown,
    file: { readonly bytes: unknown; readonly contentType: string | undefined; readonly fileName?: unknown },
  ): Promise<{ id: string }> {
    const actor = (await this.authenticator.authenticate(authorization)).actor as Actor;
    if (typeof organizationId !== 'string' || !organizationId)
      throw new BadRequestException('organizationId must be in the query, once: POST /media?organizationId=…');
    await this.access.require(actor, Scope.SEND, organizationId);
    const { bytes } = file;
    if (/^multipart\//i.test(file.contentType ?? ''))
      throw new UnsupportedMediaTypeException(
        'Send the bytes of the file as the body, with its type as the Content-Type: a form is not taken apart.',
      );
    if (!Buffer.isBuffer(bytes) || !bytes.length) throw new BadRequestException('The body must be the bytes of a file.');
    const { uploadId: id } = await this.uploads.keep(organizationId, bytes, file.contentType, nameOf(file.fileName));
    return { id };
  }
}

/** Without its folders; null for none. Throws 400. */
function nameOf(given: unknown): string | null {
  if (given === undefined || given === '') return null;
  if (typeof given !== 'string' || given.length > 255 || /[\0\r\n/\\]/.test(given))
    throw new BadRequestException('fileName must be what the file is called, of at most 255 characters and without folders.');
  return given;
}

const gone = () => new NotFoundException('The file is gone.');
