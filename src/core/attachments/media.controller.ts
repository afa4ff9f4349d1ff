import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { MediaService } from './media.service.js';

@Controller('media')
export class MediaController {
  constructor(private readonly media: MediaService) {}

  /** The file of an attachment, by a link of `Attachment.url`; HEAD too.
   *  200 · 206 the range asked for · 403 the link has expired or is not ours: ask for a fresh one · 404 the file is gone · 416 no such range */
  @Get(':id')
  async read(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Headers('range') range: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { status, headers, body } = await this.media.read({ id, query, range, headOnly: request.method === 'HEAD' });
    await reply.status(status).headers(headers).send(body);
  }

  /** Takes in a file for later sends: its bytes as the body, its type as the Content-Type, what it is called as `fileName`, a credential as for GraphQL.
   *  201 its id, for `mediaIds` · 400 no file · 401 no credential · 403 it may not SEND · 404 no such organization, or not yours · 413 too large ·
   *  415 a form */
  @Post()
  @HttpCode(201)
  take(
    @Headers('authorization') authorization: string | undefined,
    @Headers('content-type') contentType: string | undefined,
    @Query('organizationId') organizationId: unknown,
    @Query('fileName') fileName: string | undefined,
    @Body() bytes: unknown,
  ): Promise<{ id: string }> {
    return this.media.take(authorization, organizationId, { bytes, contentType, fileName });
  }
}
