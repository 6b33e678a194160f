import { useEffect, type RefObject } from 'react';

/** Mends attributes that GraphiQL 4 sets wrongly or not at all, and lets Tab leave an editor after Escape. */
export function useAccessibleGraphiql(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current!;
    const observer = new MutationObserver(() => mend(element));
    observer.observe(element, { childList: true, subtree: true, attributeFilter: ['aria-selected'] });
    mend(element);
    let mayLeave = false;
    const onKeyDown = (event: KeyboardEvent): void => {
      // Editors take Tab for indentation: without this they are traps for the keyboard.
      if (event.key === 'Tab' && mayLeave) event.stopPropagation();
      if (event.key !== 'Shift') mayLeave = event.key === 'Escape';
    };
    element.addEventListener('keydown', onKeyDown, true);
    return () => {
      observer.disconnect();
      element.removeEventListener('keydown', onKeyDown, true);
    };
  }, [root]);
}

function mend(root: HTMLElement): void {
  // Tabs hold a button and a close button, which a tab must not: they are a list of buttons.
  set(root, '[role="tablist"]', 'role', 'list');
  set(root, '[role="tabpanel"]', 'role', 'region');
  for (const tab of root.querySelectorAll('li[aria-selected]')) {
    const isSelected = tab.getAttribute('aria-selected') === 'true';
    tab.setAttribute('role', 'listitem');
    tab.removeAttribute('aria-selected');
    const button = tab.querySelector('button');
    if (isSelected) button?.setAttribute('aria-current', 'true');
    else button?.removeAttribute('aria-current');
  }
  for (const editor of root.querySelectorAll('.CodeMirror')) {
    const name = editor.closest('section')?.getAttribute('aria-label') ?? 'Result';
    const label = `${name}. Escape, then Tab leaves it.`;
    set(editor, 'textarea:not([aria-label])', 'aria-label', label);
    set(editor, '.CodeMirror-scroll[tabindex="-1"]', 'tabindex', '0');
  }
}

function set(root: Element, selector: string, name: string, value: string): void {
  for (const element of root.querySelectorAll(selector)) element.setAttribute(name, value);
}
