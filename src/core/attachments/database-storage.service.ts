import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type ByteRange } from './byte-range.js';
import { type MediaStorage } from './media-storage.js';

/** Small enough that a player may jump about, large enough that a file is few rows. Never changed: it is how rows are found. */
const PIECE_BYTES = 512 << 10;

/** Files in PostgreSQL: nothing to set up, in every backup, seen by every process. */
@Injectable()
export class DatabaseStorage implements MediaStorage {
  readonly name = 'DATABASE';

  constructor(private readonly database: DatabaseService) {}

  async put(id: string, bytes: Buffer): Promise<void> {
    await this.database.prisma.$transaction(
      async (tx) => {
        await tx.mediaObject.deleteMany({ where: { id } });
        // An empty file is one empty piece: it is there.
        for (let piece = 0; piece === 0 || piece * PIECE_BYTES < bytes.length; piece++) {
          const part = bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
          await tx.$executeRaw`insert into media_object (id, piece, bytes) values (${id}::uuid, ${piece}::int, ${part})`;
        }
      },
      { timeout: 60_000 },
    );
  }

  async get(id: string, range: ByteRange): Promise<Readable | undefined> {
    const first = await this.piece(id, Math.floor(range.start / PIECE_BYTES));
    return first && Readable.from(this.pieces(id, range, first));
  }

  async delete(id: string): Promise<void> {
    await this.database.prisma.mediaObject.deleteMany({ where: { id } });
  }

  private async *pieces(id: string, { start, end }: ByteRange, first: Buffer): AsyncGenerator<Buffer> {
    let bytes: Buffer | undefined = first;
    for (let piece = Math.floor(start / PIECE_BYTES); ;) {
      const at = piece * PIECE_BYTES;
      yield bytes.subarray(Math.max(0, start - at), end + 1 - at);
      piece++;
      if (piece * PIECE_BYTES > end) return;
      bytes = await this.piece(id, piece);
      if (!bytes) throw new Error('a piece of the file is gone');
    }
  }

  private async piece(id: string, piece: number): Promise<Buffer | undefined> {
    const row = await this.database.prisma.mediaObject.findUnique({ where: { id_piece: { id, piece } } });
    return row ? Buffer.from(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength) : undefined;
  }
}
