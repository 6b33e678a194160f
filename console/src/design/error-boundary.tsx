import { Component, type ReactNode } from 'react';
import { Button } from './button';
import { Notice } from './notice';

/**
 * Shows what to do where a part of the page cannot be shown: without it the whole page would be blank. The usual cause
 * is a server of another version: its files have other names than those that this page asks for.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div className="app-broken">
        <Notice kind="error">
          <p>
            This part of the page could not be shown. The server may have another version since the page was
            loaded, or does not answer.
          </p>
          <Button onPress={() => location.reload()}>Load the page again</Button>
        </Notice>
      </div>
    );
  }
}
