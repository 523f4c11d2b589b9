import {
  type Language,
  REASON_SENTENCES,
  SOUND_FLOWS,
  STATE_SENTENCES,
  STATE_WORDS,
  type Words,
} from '../../common/operator-words.js';

function under<Prefix extends string, Key extends string>(
  prefix: Prefix,
  words: Readonly<Record<Key, Words>>,
  language: Language,
) {
  const entries = Object.entries<Words>(words).map(([key, text]) => [`${prefix}.${key}`, text[language]]);
  return Object.fromEntries(entries) as Readonly<Record<`${Prefix}.${Key}`, string>>;
}

/** What the board says in the same words as the API and notices. */
export const sharedWords = (language: Language) => ({
  ...under('state', STATE_WORDS, language),
  ...under('sentence', { ...STATE_SENTENCES, soundFlows: SOUND_FLOWS }, language),
  ...under('reason', REASON_SENTENCES, language),
});
