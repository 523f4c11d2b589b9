/**
 * Digest authentication: RFC 3261 section 22.4, RFC 7616, RFC 8760 (SHA-256 for SIP). MD5, SHA-256 and SHA-512-256, each also
 * as -sess, with qop=auth, auth-int or none. Of several challenges the strongest that is understood is answered.
 */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../common/result.js';
import type { RandomSource } from '../../common/random.js';
import { quote, splitOutsideQuotes, unquote } from './header-text.js';
import type { SipHeaders } from './headers.js';

export type DigestAlgorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

export type DigestQop = 'auth' | 'auth-int';

export interface DigestChallenge {
  realm: string;
  nonce: string;
  algorithm: DigestAlgorithm;
  session: boolean;
  /** absent: the challenge knows no qop (RFC 2069) */
  qop?: DigestQop;
  /** the nonce is too old; user and password were right (RFC 7616 section 3.3) */
  stale: boolean;
  opaque?: string;
  /** as written, to be repeated */
  algorithmName?: string;
}

export interface ChallengeAnswer {
  header: 'Authorization' | 'Proxy-Authorization';
  value: string;
}

const HASHES: Readonly<Record<DigestAlgorithm, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
const STRENGTH: DigestAlgorithm[] = ['SHA-256', 'SHA-512-256', 'MD5'];
const MAX_CHALLENGES = 10;

export interface AnswerRequest {
  /** the headers of the 401 or 407 */
  headers: SipHeaders;
  method: string;
  /** the Request-URI */
  uri: string;
  /** covered by auth-int */
  body: string;
  user: string;
  password: string;
  random: RandomSource;
}

/** True where the credentials of the refused request were right, and only its nonce was too old. */
export function isStale(headers: SipHeaders): boolean {
  const challenges = [...challengesIn(headers, 'WWW-Authenticate'), ...challengesIn(headers, 'Proxy-Authenticate')];
  return challenges.map(parseChallenge).some((challenge) => challenge.ok && challenge.value.stale);
}

/**
 * RFC 3261 section 7.3.1 wants a line for each challenge; RFC 9110 section 11.6.1, whose grammar this is, allows a list, and
 * some registrars send one: a piece that is no `name=value` begins the next challenge.
 */
function challengesIn(headers: SipHeaders, name: string): string[] {
  const challenges: string[] = [];
  for (const piece of headers.getAll(name).flatMap((line) => splitOutsideQuotes(line, ','))) {
    const isParameter = /^[^\s="]{1,64}\s{0,8}=/.test(piece);
    if (isParameter && challenges.length > 0) challenges[challenges.length - 1] += `, ${piece}`;
    else challenges.push(piece);
  }
  return challenges.slice(0, MAX_CHALLENGES);
}

export function answerChallenge(request: AnswerRequest): Result<ChallengeAnswer> {
  const [kind, header] = request.headers.get('WWW-Authenticate')
    ? (['WWW-Authenticate', 'Authorization'] as const)
    : (['Proxy-Authenticate', 'Proxy-Authorization'] as const);
  const challenges = challengesIn(request.headers, kind).map(parseChallenge);
  for (const algorithm of STRENGTH) {
    const found = challenges.find((challenge) => challenge.ok && challenge.value.algorithm === algorithm);
    if (found?.ok) return ok({ header, value: authorizationFor(found.value, request) });
  }
  const refused = challenges.find((challenge) => !challenge.ok);
  return refused && !refused.ok ? refused : err('no challenge in the response');
}

/** The value of a WWW-Authenticate or Proxy-Authenticate header. */
export function parseChallenge(value: string): Result<DigestChallenge> {
  const match = /^\s{0,8}Digest\s+(.*)$/is.exec(value);
  if (!match) return err('not a Digest challenge');
  const params = parseDigestParams(match[1]!);
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  if (realm === undefined || !nonce) return err('challenge without realm or nonce');
  const algorithmName = params.get('algorithm');
  const algorithm = /^(MD5|SHA-256|SHA-512-256)(-sess)?$/i.exec(algorithmName ?? 'MD5');
  if (!algorithm) return err('digest algorithm is not known');
  const qops = params
    .get('qop')
    ?.toLowerCase()
    .split(',')
    .map((qop) => qop.trim());
  // auth where it is offered: proxies on the way may change a body
  const qop = (['auth', 'auth-int'] as const).find((known) => qops?.includes(known));
  if (qops && !qop) return err('digest qop is not known');
  const opaque = params.get('opaque');
  return ok({
    realm,
    nonce,
    algorithm: algorithm[1]!.toUpperCase() as DigestAlgorithm,
    session: algorithm[2] !== undefined,
    stale: params.get('stale')?.toLowerCase() === 'true',
    ...(qop ? { qop } : {}),
    ...(opaque === undefined ? {} : { opaque }),
    ...(algorithmName === undefined ? {} : { algorithmName }),
  });
}

/** `name=value` pairs of a Digest header after the word Digest, of a challenge or of an answer. Names are lower case. */
export function parseDigestParams(text: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of splitOutsideQuotes(text, ',')) {
    const equals = part.indexOf('=');
    if (equals > 0) params.set(part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

export interface DigestInput {
  algorithm: DigestAlgorithm;
  session: boolean;
  user: string;
  password: string;
  realm: string;
  nonce: string;
  method: string;
  uri: string;
  /** with qop */
  cnonce?: string;
  nonceCount?: string;
  qop?: DigestQop;
  /** with qop=auth-int */
  body?: string;
}

/** RFC 7616 section 3.4.1: the `response` value. Also what a server compares with. */
export function digestResponse(input: DigestInput): string {
  const hash = (text: string): string => createHash(HASHES[input.algorithm]).update(text, 'utf8').digest('hex');
  const secret = hash(`${input.user}:${input.realm}:${input.password}`);
  const a1 = input.session ? hash(`${secret}:${input.nonce}:${input.cnonce ?? ''}`) : secret;
  const entity = input.qop === 'auth-int' ? `:${hash(input.body ?? '')}` : '';
  const a2 = hash(`${input.method}:${input.uri}${entity}`);
  const middle = input.qop ? `${input.nonceCount ?? ''}:${input.cnonce ?? ''}:${input.qop}:` : '';
  return hash(`${a1}:${input.nonce}:${middle}${a2}`);
}

function authorizationFor(challenge: DigestChallenge, request: AnswerRequest): string {
  const { realm, nonce, qop, session, algorithm } = challenge;
  const { user, password, method, uri, body } = request;
  // -sess hashes the cnonce also where no qop asks for one.
  const cnonce = qop || session ? request.random.token(16) : undefined;
  const nonceCount = '00000001';
  const response = digestResponse({ ...challenge, user, password, method, uri, body, cnonce, nonceCount });
  const parts = [
    `username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    ...(challenge.algorithmName === undefined ? [] : [`algorithm=${algorithm}${session ? '-sess' : ''}`]),
    ...(cnonce === undefined ? [] : [`cnonce="${cnonce}"`]),
    ...(qop ? [`qop=${qop}`, `nc=${nonceCount}`] : []),
    ...(challenge.opaque === undefined ? [] : [`opaque=${quote(challenge.opaque)}`]),
  ];
  return `Digest ${parts.join(', ')}`;
}
