import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  PreconditionFailedException,
  Query,
  Res,
  UnprocessableEntityException,
} from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import { type Participant, unknownNames } from './participants.js';
import {
  contradictions,
  instant,
  newSessionBody,
  type NewSession,
  personName,
  sessionChangeBody,
  type SessionChangeBody,
} from './session-body.js';
import { changeSession, createSession, deleteSession } from './session-changes.js';
import type { SessionView } from './session-view.js';
import { SessionsService } from './sessions.service.js';
import type { SessionChange, StoredSession } from './stored-session.js';

const listQuery = z.strictObject({ from: instant.optional(), to: instant.optional() });
const deleteQuery = z.strictObject({ by: personName.optional() });

const EXAMPLE = {
  title: 'Họp trực tuyến toàn quốc',
  startsAt: '2026-11-23T08:00:00+07:00',
  endsAt: '2026-11-23T11:30:00+07:00',
  connectBy: '2026-11-23T07:30:00+07:00',
  participants: { tiers: ['commune', 'ward'], except: ['04792'] },
  checkpoints: ['PT2H', 'PT30M'],
};

type Headed = Pick<Response, 'setHeader'>;

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Sessions by start; from and to narrow the time they take' })
  @ApiOkResponse({ description: '{items, total}' })
  list(@Query({ schema: listQuery }) query: z.output<typeof listQuery>): { items: SessionView[]; total: number } {
    const { from = -Infinity, to = Infinity } = query;
    const found = this.sessions.list().filter(({ connectByMs, endsMs }) => endsMs > from && connectByMs < to);
    const items = this.sessions.viewsOf(found);
    return { items, total: items.length };
  }

  @Get(':id')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'One session; its ETag goes into If-Match of a change' })
  one(@Param('id') id: string, @Res({ passthrough: true }) response: Headed): SessionView {
    return this.answer(this.sessions.mustGet(id), response);
  }

  @Get(':id/participants')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Who takes part, as the inventory is now' })
  participants(@Param('id') id: string): { items: (Participant & { siteName: string })[]; total: number } {
    const items = this.sessions
      .participants(this.sessions.mustGet(id))
      .map((one) => ({ ...one, siteName: this.sessions.site(one.siteCode)?.name ?? '' }));
    return { items, total: items.length };
  }

  @Get(':id/history')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Who changed what, and when; oldest first' })
  async history(@Param('id') id: string): Promise<{ items: SessionChange[]; total: number }> {
    this.sessions.mustGet(id);
    const items = await this.sessions.history(id);
    return { items, total: items.length };
  }

  @Post()
  @NeedsRole('operator')
  @ApiOperation({ summary: 'A new session' })
  @ApiBody({ schema: { type: 'object', example: EXAMPLE } })
  @ApiCreatedResponse({ description: 'the session' })
  async create(
    @Body({ schema: newSessionBody }) body: NewSession,
    @Res({ passthrough: true }) response: Headed,
  ): Promise<SessionView> {
    const { writes } = await this.sessions.change((nowMs) => {
      const write = createSession(randomUUID(), body, nowMs);
      this.refuseContradictions(write.session);
      return { writes: [write] };
    });
    return this.answer(writes[0]?.session, response);
  }

  @Patch(':id')
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Change the fields that are given' })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'the ETag that was read: refused with 412 when it was changed since',
  })
  @ApiBody({ schema: { type: 'object', example: { endsAt: EXAMPLE.endsAt } } })
  async change(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: sessionChangeBody }) body: SessionChangeBody,
    @Res({ passthrough: true }) response: Headed,
  ): Promise<SessionView> {
    await this.sessions.change((nowMs) => {
      const write = changeSession(this.present(id, ifMatch), body, nowMs);
      if (write) this.refuseContradictions(write.session);
      return { writes: write ? [write] : [] };
    });
    return this.answer(this.sessions.get(id), response);
  }

  @Delete(':id')
  @HttpCode(204)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Remove it from every list; what was recorded of it is kept' })
  @ApiHeader({ name: 'If-Match', required: false })
  async remove(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: deleteQuery }) { by }: z.output<typeof deleteQuery>,
  ): Promise<void> {
    await this.sessions.change((nowMs) => ({ writes: [deleteSession(this.present(id, ifMatch), by, nowMs)] }));
  }

  /** @throws when it is not there, or was changed since `ifMatch` was read (RFC 9110, section 13.1.1) */
  private present(id: string, ifMatch: string | undefined): StoredSession {
    const session = this.sessions.mustGet(id);
    if (ifMatch === undefined || ifMatch.trim() === '*') return session;
    const tags = ifMatch.split(',').map((tag) => tag.trim());
    if (!tags.every((tag) => /^(W\/)?"\d+"$/.test(tag)))
      throw new BadRequestException(
        `If-Match: found ${ifMatch.slice(0, 80)}, allowed: the ETag of the session, such as "3", or *`,
      );
    if (!tags.includes(etagOf(session)))
      throw new PreconditionFailedException(
        `If-Match: the session was changed meanwhile and is at ${etagOf(session)}; read it again`,
      );
    return session;
  }

  private refuseContradictions(session: StoredSession): void {
    const errors = [...contradictions(session), ...unknownNames(session, this.sessions.knownSites())];
    if (!errors.length && !this.sessions.participants(session).length)
      errors.push({ field: 'participants', found: 'nobody', allowed: 'a rule that at least one site of the inventory fits' });
    if (!errors.length) return;
    const words = errors.slice(0, 10).map(({ field, found, allowed }) => `${field}: found ${found}, allowed: ${allowed}`);
    throw new UnprocessableEntityException({ message: words.join('; '), errors });
  }

  private answer(session: StoredSession | undefined, response: Headed): SessionView {
    const [view] = session ? this.sessions.viewsOf([session]) : [];
    if (!session || !view) throw new Error('a session that was just written is not there');
    response.setHeader('ETag', etagOf(session));
    return view;
  }
}

const etagOf = ({ revision }: StoredSession): string => `"${revision}"`;
