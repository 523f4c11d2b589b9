import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  InternalServerErrorException,
  NotFoundException,
  Optional,
  Param,
  Post,
} from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { NeedsRole } from '../common/roles.js';
import { CoreLock } from '../database/core-lock.js';
import { MARKS } from './attendance.js';
import { AttendanceService, type AttendanceView } from './attendance.service.js';
import { instant, noteText, personName } from './session-body.js';
import { UNNAMED } from './session-changes.js';
import { SessionRecordsRepository, type SignOff } from './session-records.repository.js';
import { SessionsService } from './sessions.service.js';
import { type Snapshot, SnapshotAlteredError, SnapshotsService } from './snapshots.service.js';

const markBody = z.strictObject({
  siteCode: personName,
  mark: z.enum(MARKS, { error: `one of ${MARKS.join(', ')}` }),
  at: instant.optional(),
  note: noteText.default(''),
  by: personName.default(UNNAMED),
});
const signOffBody = z.strictObject({ by: personName, note: noteText.default('') });

/** What is recorded of a session: roll-call, sign-off, the picture frozen at its start. */
@ApiTags('sessions')
@Controller('sessions/:id')
export class SessionRecordsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly attendance: AttendanceService,
    private readonly snapshots: SnapshotsService,
    private readonly records: SessionRecordsRepository,
    private readonly lock: CoreLock,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  @Get('attendance')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'The roll-call: every participant with its marks, and what calls that were seen suggest' })
  @ApiOkResponse({ description: '{items, total}' })
  async rollCall(@Param('id') id: string): Promise<{ items: AttendanceView[]; total: number }> {
    const items = await this.attendance.list(id);
    return { items, total: items.length };
  }

  @Post('attendance')
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Mark a participant; undo takes its last mark back, and the history keeps both' })
  @ApiBody({
    schema: { type: 'object', example: { siteCode: '04792', mark: 'present', at: '2026-11-23T07:28:00+07:00', by: 'An' } },
  })
  mark(@Param('id') id: string, @Body({ schema: markBody }) body: z.output<typeof markBody>): Promise<AttendanceView> {
    const { at, ...given } = body;
    return this.attendance.mark(id, { ...given, atMs: at });
  }

  @Get('sign-off')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Who signed the session off; oldest first' })
  async signOffs(@Param('id') id: string): Promise<{ items: SignOff[]; total: number }> {
    this.sessions.mustGet(id);
    const items = await this.records.signOffs(id);
    return { items, total: items.length };
  }

  @Post('sign-off')
  @HttpCode(201)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'A named operator says that the session may be held as it is' })
  @ApiBody({ schema: { type: 'object', example: { by: 'Nguyễn Văn An', note: '148/148' } } })
  async signOff(@Param('id') id: string, @Body({ schema: signOffBody }) body: z.output<typeof signOffBody>): Promise<SignOff> {
    const { revision } = this.sessions.mustGet(id);
    const signOff = { ...body, revision, at: new Date(this.clock.wallMs()).toISOString() };
    this.lock.mustHold();
    await this.records.addSignOff(id, signOff);
    return signOff;
  }

  @Get('snapshot')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'The picture frozen at the start, verified against its SHA-256 (canonical JSON, RFC 8785)' })
  async snapshot(@Param('id') id: string): Promise<Snapshot> {
    this.sessions.mustGet(id);
    const snapshot = await this.snapshots.find(id).catch((error: unknown) => {
      throw error instanceof SnapshotAlteredError ? new InternalServerErrorException(error.message) : error;
    });
    if (!snapshot) throw new NotFoundException(`session "${id}" has no frozen picture yet`);
    return snapshot;
  }
}
