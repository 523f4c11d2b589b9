import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { ResultsModule } from '../results/results.module.js';
import { AttendanceService } from './attendance.service.js';
import { CalendarThread } from './calendar/calendar-thread.js';
import { CalendarsController } from './calendar/calendars.controller.js';
import { CalendarsService } from './calendar/calendars.service.js';
import { SessionRecordsController } from './session-records.controller.js';
import { SessionRecordsRepository } from './session-records.repository.js';
import { CheckpointRepository } from './checkpoint.repository.js';
import { FrozenPictures } from './frozen-pictures.js';
import { ReadinessController } from './readiness.controller.js';
import { ReadinessService } from './readiness.service.js';
import { RehearsalWindows } from './rehearsal-windows.js';
import { RetestService } from './retest.service.js';
import { SessionRepository } from './session.repository.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SnapshotsService } from './snapshots.service.js';

@Module({
  imports: [InventoryModule, ResultsModule, HealthModule, IncidentsModule],
  // `sessions/calendars` before `sessions/:id`
  controllers: [CalendarsController, SessionsController, SessionRecordsController, ReadinessController],
  providers: [
    SessionRepository,
    SessionRecordsRepository,
    SessionsService,
    SnapshotsService,
    AttendanceService,
    CalendarThread,
    CalendarsService,
    CheckpointRepository,
    FrozenPictures,
    ReadinessService,
    RetestService,
    RehearsalWindows,
  ],
  exports: [SessionsService, SnapshotsService, ReadinessService],
})
export class SessionsModule {}
