import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface SourceFilterProps {
  value: string | undefined;
  change(value: string | undefined): void;
}

const quietFor = 400;

/** Entries of one program alone, by the source that its token has; keytrail is what keytrail itself recorded. */
export function SourceFilter({ value, change }: SourceFilterProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? '');
  const sent = useRef(value ?? '');
  const send = useDebouncedCallback((next: string) => {
    sent.current = next;
    change(next || undefined);
  }, quietFor);
  useEffect(() => {
    if ((value ?? '') === sent.current) return; // what was typed here, perhaps with more behind it by now
    sent.current = value ?? '';
    setText(value ?? '');
  }, [value]);
  return (
    <TextInput
      aria-label={t('filters.source')}
      placeholder={t('filters.allSources')}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value.trim().toLowerCase());
      }}
      maxLength={64}
      autoComplete="off"
      spellCheck={false}
      w={170}
    />
  );
}
