import { useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { ApiError } from '../api/api-error';
import { setAccessKey } from '../api/key';
import { checkKey } from '../api/viewer';
import { Button } from '../design/button';
import './sign-in.css';

/**
 * Asks for an access key.
 * @param reason why the server asks, such as a key that was revoked meanwhile
 */
export function SignIn({ reason }: { reason?: string | undefined }) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState(reason);
  const [isChecking, setChecking] = useState(false);

  const signIn = async () => {
    setChecking(true);
    try {
      await checkKey(key.trim());
      setAccessKey(key.trim());
    } catch (error) {
      setProblem(textOf(error));
      setChecking(false);
    }
  };

  return (
    <div className="sign-in">
      <Form
        className="sign-in-form panel"
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() === '') setProblem('Enter a key.');
          else if (!/^[\x21-\x7e]+$/.test(key.trim()))
            setProblem('A key has letters, digits and signs of ASCII only.');
          else void signIn();
        }}
      >
        <h1>Sign in</h1>
        <p className="muted">This server needs an access key. The page keeps it until you close the tab.</p>
        <TextField
          className="field"
          type="password"
          name="key"
          autoComplete="off"
          autoFocus
          value={key}
          isInvalid={problem !== undefined}
          onChange={(value) => {
            setKey(value);
            setProblem(undefined);
          }}
        >
          <Label>Access key</Label>
          <Input className="input mono" placeholder="lm_…" spellCheck={false} />
          <FieldError className="sign-in-problem">{problem}</FieldError>
          <Text slot="description" className="sign-in-help muted">
            No key? An operator makes one:
            <code className="sign-in-command">
              {'npm run -s log-manager -- \\\n  keys create my-name --scopes read'}
            </code>
          </Text>
        </TextField>
        <Button kind="primary" type="submit" isDisabled={isChecking}>
          {isChecking ? 'Checking the key…' : 'Sign in'}
        </Button>
      </Form>
    </div>
  );
}

function textOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') {
    return 'The server does not know this key, or it is revoked or expired.';
  }
  return error instanceof Error ? error.message : String(error);
}
