import type { HealthState } from '../../state/health.js';

/** How a painted tile of one state looks: the same tokens as `tiles.css` gives an element. */
export interface Look {
  ground: string | null;
  ink: string;
  sign: string;
  edge: { colour: string; isDashed: boolean } | null;
  hatch: string | null;
  weight: 500 | 600 | 700;
  isStruck: boolean;
}

export interface Palette {
  looks: Record<HealthState, Look>;
  /** of the state's own colour on the ground of the page */
  marks: Record<HealthState, string>;
  ink: string;
  quietInk: string;
  incident: string;
  chosen: string;
}

interface Tokens {
  ground: string | null;
  ink: string;
  sign: string;
  edge?: string;
  isDashed?: boolean;
  hatch?: string;
  weight?: Look['weight'];
  isStruck?: boolean;
}

const TOKENS: Record<HealthState, Tokens> = {
  ready: { ground: '--ready-bg', ink: '--ready-ink', sign: '--ready' },
  degraded: { ground: '--degraded-bg', ink: '--ink', sign: '--degraded', edge: '--degraded', weight: 600 },
  down: { ground: '--down-bg', ink: '--down-ink', sign: '--down-ink', weight: 700 },
  'in-use': { ground: '--in-use-bg', ink: '--ink', sign: '--in-use', edge: '--in-use' },
  unverified: {
    ...{ ground: '--unverified-bg', ink: '--ink', sign: '--unverified' },
    ...{ edge: '--unverified', isDashed: true, weight: 600 },
  },
  untested: { ground: null, ink: '--ink-2', sign: '--unknown', edge: '--unknown', isDashed: true },
  unknown: { ground: '--bg', ink: '--ink-2', sign: '--unknown', edge: '--unknown', hatch: '--unknown-hatch' },
  maintenance: { ground: '--panel', ink: '--ink-3', sign: '--maintenance', edge: '--line', isStruck: true },
};

let known: { theme: string | undefined; palette: Palette } | null = null;

/** The colours of the theme that stands now. Read from the style sheet once a theme. */
export function currentPalette(): Palette {
  const root = document.documentElement;
  const { theme } = root.dataset;
  if (known && known.theme === theme) return known.palette;
  const palette = readPalette(getComputedStyle(root));
  known = { theme, palette };
  return palette;
}

function readPalette(style: CSSStyleDeclaration): Palette {
  const colour = (token: string): string => style.getPropertyValue(token).trim();
  const look = ({ ground, ink, sign, edge, hatch, isDashed = false, weight = 500, isStruck = false }: Tokens): Look => ({
    ground: ground && colour(ground),
    ink: colour(ink),
    sign: colour(sign),
    edge: edge === undefined ? null : { colour: colour(edge), isDashed },
    hatch: hatch === undefined ? null : colour(hatch),
    weight,
    isStruck,
  });
  const forEach = <T>(of: (tokens: Tokens, state: string) => T) =>
    Object.fromEntries(Object.entries(TOKENS).map(([state, tokens]) => [state, of(tokens, state)])) as Record<HealthState, T>;
  return {
    looks: forEach(look),
    marks: forEach(({ sign }, state) => colour(state === 'down' ? '--down' : sign)),
    ink: colour('--ink'),
    quietInk: colour('--ink-2'),
    incident: colour('--in-use'),
    chosen: colour('--focus'),
  };
}
