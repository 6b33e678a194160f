import { GraphiQL } from 'graphiql';
import { useRef } from 'react';
import { useAccessKey } from '../api/key';
import { usePreferences } from '../state/preferences';
import { mayStore } from '../state/stored';
import { examples } from './examples';
import { sendOperation } from './fetcher';
import { graphiqlStorage } from './storage';
import { useAccessibleGraphiql } from './accessible';
import 'graphiql/style.css';
import './try-it.css';

/**
 * GraphiQL, with examples of every kind. Version 4: with CodeMirror it is 234 KB of compressed JavaScript, version 5
 * with Monaco 2.4 MB, and Monaco needs workers.
 */
export function TryIt() {
  const key = useAccessKey();
  const { theme } = usePreferences();
  const root = useRef<HTMLDivElement>(null);
  useAccessibleGraphiql(root);
  return (
    <div className="try-it" ref={root}>
      <GraphiQL
        // Another key may be let into other parts: the page starts anew with it.
        key={key}
        fetcher={sendOperation}
        defaultTabs={examples}
        defaultEditorToolsVisibility="variables"
        forcedTheme={theme}
        // An access key in the headers is kept by nothing.
        shouldPersistHeaders={false}
        // Its types leave out null, with which it keeps nothing.
        storage={mayStore() ? graphiqlStorage : (null as unknown as Storage)}
        inputValueDeprecation
        schemaDescription
      >
        <GraphiQL.Logo>
          <span className="try-it-hint">
            {key === null ? 'An access key goes into Headers' : 'Sent with the key you signed in with'}
          </span>
        </GraphiQL.Logo>
      </GraphiQL>
    </div>
  );
}
