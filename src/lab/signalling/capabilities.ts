export const USER_AGENT = 'Lab codec 1.0';
export const ALLOWED_METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'UPDATE'];

export const ALLOW: [string, string] = ['Allow', ALLOWED_METHODS.join(', ')];
export const SERVER: [string, string] = ['Server', USER_AGENT];
export const ACCEPT: [string, string] = ['Accept', 'application/sdp'];
