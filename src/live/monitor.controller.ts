import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import type { MonitorStatus } from './feed-events.js';
import { GlobalStopService } from './global-stop.service.js';
import { MonitorStatusService } from './monitor-status.service.js';
import type { SelfReport } from './self/self-report.js';
import { SelfReportService } from './self/self-report.service.js';

/** Nobody should have to fill in a form to stop calls: all of it may be left out. */
const said = { by: z.string().trim().min(1).max(200).default('operator'), note: z.string().trim().max(1_000).default('') };
const stopBody = z.strictObject({ ...said, everything: z.boolean().default(false) }).prefault({});
const resumeBody = z.strictObject(said).prefault({});

const text = { type: 'string' } as const;
const saidSchema = { by: text, note: text };

@ApiTags('monitor')
@Controller('monitor')
export class MonitorController {
  constructor(
    private readonly monitor: MonitorStatusService,
    private readonly globalStop: GlobalStopService,
    private readonly self: SelfReportService,
  ) {}

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Is the monitor itself well, and are calls stopped' })
  status(): MonitorStatus {
    return this.monitor.current();
  }

  @Get('self')
  @NeedsRole('viewer')
  @ApiOperation({
    summary: 'Everything the monitor knows of itself: prober, spool, database, clock, lag, notices, settings in force',
  })
  selfReport(): Promise<SelfReport> {
    return this.self.read();
  }

  @Post('stop')
  @HttpCode(200)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Stop all calls now; with `everything` light probes as well. Holds until resumed, over restarts too' })
  @ApiBody({ required: false, schema: { type: 'object', properties: { ...saidSchema, everything: { type: 'boolean' } } } })
  stop(@Body({ schema: stopBody }) { by, note, everything }: z.infer<typeof stopBody>): MonitorStatus {
    return this.globalStop.stop(by, note, everything);
  }

  @Post('resume')
  @HttpCode(200)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Lift the stop' })
  @ApiBody({ required: false, schema: { type: 'object', properties: saidSchema } })
  resume(@Body({ schema: resumeBody }) { by, note }: z.infer<typeof resumeBody>): MonitorStatus {
    return this.globalStop.resume(by, note);
  }
}
