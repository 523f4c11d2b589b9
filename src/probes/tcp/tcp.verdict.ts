import type { SocketFailure } from '../../net/socket-failure.js';
import { pass, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';

/** An accepted connection proves a listening port, not a living application: a hung codec's kernel still accepts. */
export const judgeTcp = (failure: SocketFailure | undefined): Verdict => (failure ? judgePathFailure(failure) : pass);
