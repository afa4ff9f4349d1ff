import { Injectable } from '@nestjs/common';
import { badInput } from '../../platform/errors/coded-error.js';
import { type FileFacts } from '../adapters/outbound.js';
import { type Upload, UploadsService } from '../attachments/uploads.service.js';
import { type SendRequest } from './send-request.js';

/** A file that came with the mutation, not kept yet. */
interface GivenFile extends FileFacts {
  readonly fileName: string;
  readonly bytes: Buffer;
}

export type OutgoingFile = Upload | GivenFile;

const MOST_FILES = 50;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/** The files of a send: uploads it names, and what came with it. */
@Injectable()
export class OutgoingFilesService {
  constructor(private readonly uploads: UploadsService) {}

  /** Throws BAD_USER_INPUT for what is no upload of the organization, or no file. */
  async find({ organizationId, mediaIds, attachments }: SendRequest): Promise<readonly OutgoingFile[]> {
    const ids = mediaIds ?? [];
    const given = attachments ?? [];
    if (ids.length + given.length > MOST_FILES) throw badInput('mediaIds', `A send has at most ${MOST_FILES} files.`);
    const found = ids.length ? await this.uploads.find(organizationId, ids) : [];
    const missing = found.indexOf(undefined);
    if (missing >= 0)
      throw badInput(`mediaIds.${missing}`, `mediaIds.${missing} must be the id of a file uploaded to POST /media for this organization.`);
    return [...(found as Upload[]), ...given.map(readGiven)];
  }

  async keep(organizationId: string, files: readonly OutgoingFile[]): Promise<readonly Upload[]> {
    const kept: Upload[] = [];
    for (const file of files)
      kept.push('bytes' in file ? await this.uploads.keep(organizationId, file.bytes, file.contentType, file.fileName) : file);
    return kept;
  }
}

function readGiven({ fileName, contentType, base64 }: NonNullable<SendRequest['attachments']>[number], i: number): GivenFile {
  const name = fileName.trim();
  if (!name || name.length > 255 || /[\0\r\n/\\\p{Surrogate}]/u.test(name))
    throw badInput(`attachments.${i}.fileName`, `attachments.${i}.fileName must be a file's name.`);
  // Parameters go, as they do from an upload's.
  const type = contentType.split(';', 1)[0]!.trim();
  if (!TYPE.test(type))
    throw badInput(`attachments.${i}.contentType`, `attachments.${i}.contentType must be a media type, such as application/pdf.`);
  const bare = base64.replace(/\s+/g, '');
  const bytes = Buffer.from(bare, 'base64');
  if (!bytes.length || !BASE64.test(bare) || bare.length % 4 === 1)
    throw badInput(`attachments.${i}.base64`, `attachments.${i}.base64 must be the file in base64.`);
  return { fileName: name, contentType: type, sizeBytes: bytes.length, bytes };
}
