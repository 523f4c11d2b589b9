import type { ComponentChildren } from 'preact';
import { useBoard } from '../board/services.js';
import { pathOf, type Route } from './route.js';

interface LinkProps {
  to: Route;
  class?: string;
  title?: string;
  'aria-current'?: 'page' | undefined;
  'aria-label'?: string;
  children: ComponentChildren;
}

/** A real link, so that it can be copied and opened beside; a plain click stays in the page and keeps the feed. */
export function Link({ to, children, ...rest }: LinkProps) {
  const { navigation } = useBoard();
  return (
    <a
      {...rest}
      href={pathOf(to)}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigation.go(to);
      }}
    >
      {children}
    </a>
  );
}
