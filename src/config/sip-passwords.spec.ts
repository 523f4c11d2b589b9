import { sipPasswords } from './sip-passwords.js';

describe(sipPasswords, () => {
  it('gives what is meant for endpoints, and nothing else', () => {
    const env = { SIP_PASSWORD: 'a', SIP_PASSWORD_ROOM_2: 'b', SIP_PASSWORDS: 'c', DATABASE_URL: 'd', SIP_PASSWORD_EMPTY: '' };
    expect(sipPasswords(env)).toEqual({ SIP_PASSWORD: 'a', SIP_PASSWORD_ROOM_2: 'b' });
  });
});
