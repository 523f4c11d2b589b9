import { Injectable } from '@nestjs/common';
import { type Rehearsal, Rehearsals } from '../results/figures/rehearsals.js';
import { SessionsService } from './sessions.service.js';

/** Tells the figures when which endpoints rehearsed: what failed then was made to fail. */
@Injectable()
export class RehearsalWindows {
  constructor(sessions: SessionsService, rehearsals: Rehearsals) {
    rehearsals.from(({ fromMs, toMs }) =>
      sessions
        .between(fromMs, toMs)
        .filter(({ rehearsal }) => rehearsal)
        .map((session): Rehearsal => {
          const sites = sessions.participants(session).map(({ siteCode }) => sessions.site(siteCode));
          const endpoints = sites.flatMap((site) => site?.endpointIds ?? []);
          const { id: sessionId, startsMs, connectByMs, endsMs } = session;
          return { sessionId, fromMs: Math.min(startsMs, connectByMs), toMs: endsMs, endpoints };
        }),
    );
  }
}
