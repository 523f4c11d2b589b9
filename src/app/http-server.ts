import { type INestApplication, StandardSchemaValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { frontDoor } from '../access/front-door.js';
import { Denials } from '../common/denials.js';
import { VERSION } from '../common/version.js';
import { ProblemFilter } from './problem.filter.js';

const API_PREFIX = 'api/v1';
/** First parts of the board's own addresses (`web/pages/route.ts`): all are the one page. */
const BOARD_PAGES = /^\/(sessions|sites|incidents|inventory|system)(\/[^/]+)?$/;
const OUTSIDE_PREFIX = ['healthz', 'readyz', 'metrics'];

/** Everything between the socket and the controllers, in the order in which a request meets it. */
export function configureHttp(app: NestExpressApplication, log: Logger, boardDir: string): void {
  app.disable('x-powered-by');
  app.use(frontDoor(() => app.get(Denials).http.total++));
  // No TLS here yet: HSTS and upgrade-insecure-requests would send the board's own files to a port that does not exist
  app.use(
    helmet({
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        directives: {
          'upgrade-insecure-requests': null,
          'connect-src': ["'self'", 'ws:'],
          'style-src': ["'self'", "'unsafe-inline'"],
        },
      },
    }),
  );
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  app.useStaticAssets(boardDir, { index: 'index.html', maxAge: 0 });
  app.use(boardPages(join(boardDir, 'index.html')));
  describeApi(app);
}

/** A link to a page of the board is answered with the board, which reads the address itself. */
const boardPages =
  (indexFile: string): RequestHandler =>
  (request, response, next) => {
    if ((request.method === 'GET' || request.method === 'HEAD') && BOARD_PAGES.test(request.path)) response.sendFile(indexFile);
    else next();
  };

function describeApi(app: INestApplication): void {
  const document = new DocumentBuilder()
    .setTitle('Thông Suốt')
    .setDescription('Readiness of videoconference endpoints. Errors are RFC 9457 problem documents.')
    .setVersion(VERSION)
    .build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}
