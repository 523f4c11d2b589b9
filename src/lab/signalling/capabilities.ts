import { ALLOWED_METHODS } from '../../protocols/sip/request.js';

/** What the simulated devices say of themselves, so that a trace shows at once that they are not real. */
export const USER_AGENT = 'Lab codec';

export const ALLOW: [string, string] = ['Allow', `${ALLOWED_METHODS}, SUBSCRIBE`];
export const SERVER: [string, string] = ['Server', USER_AGENT];
export const ACCEPT: [string, string] = ['Accept', 'application/sdp'];
