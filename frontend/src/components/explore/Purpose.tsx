import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Explore.module.css';

/** Why entries of work are looked at; it is recorded, and stands in no address. */
export function Purpose({ stated, state }: { stated: string; state(purpose: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(stated);
  return (
    <form
      className={classes.purpose}
      onSubmit={(event) => {
        event.preventDefault();
        state(text.trim());
      }}
    >
      <TextInput
        label={t('timeline.purpose')}
        description={t('timeline.purposeHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => state(text.trim())}
        maxLength={500}
      />
    </form>
  );
}
