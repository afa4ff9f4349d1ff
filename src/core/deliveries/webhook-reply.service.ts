import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { type WebhookReply } from '../adapters/channel-adapter.js';

/** Turns a WebhookReply into the HTTP answer it describes. */
@Injectable()
export class WebhookReplyInterceptor implements NestInterceptor<WebhookReply, string> {
  intercept(context: ExecutionContext, next: CallHandler<WebhookReply>): Observable<string> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map(({ status, contentType, body }) => {
        reply.status(status);
        if (contentType) reply.type(contentType);
        return body ?? '';
      }),
    );
  }
}
