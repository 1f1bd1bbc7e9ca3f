import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onSlash } from '@/lib/singleKeys';

interface SearchFieldProps {
  label: string;
  value: string | undefined;
  change(text: string | undefined): void;
  enter?: ((text: string) => void) | undefined;
  down?: (() => void) | undefined;
}

const quietFor = 180;

/** The search field of a page: takes the focus at once where there is a keyboard, and again when / is pressed. */
export function SearchField({ label, value, change, enter, down }: SearchFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? '');
  const field = useRef<HTMLInputElement>(null);
  const sent = useRef(value ?? '');
  const send = (next: string) => {
    sent.current = next;
    if (next !== (value ?? '')) change(next === '' ? undefined : next);
  };
  const latestSend = useRef(send);
  useEffect(() => {
    latestSend.current = send;
  });

  useEffect(() => {
    const timer = setTimeout(() => latestSend.current(text.trim()), quietFor);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    // The address changed from elsewhere: a link, the way back, a cleared filter.
    if ((value ?? '') !== sent.current) {
      sent.current = value ?? '';
      setText(value ?? '');
    }
  }, [value]);
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
    return onSlash(() => field.current?.select());
  }, []);

  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && down) {
      event.preventDefault();
      down();
    } else if (event.key === 'Enter' && enter) {
      event.preventDefault();
      send(text.trim());
      enter(text.trim());
    } else if (event.key === 'Escape' && text !== '') {
      setText('');
    }
  };
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={press}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={
        text !== '' && (
          <CloseButton
            size="sm"
            aria-label={t('filters.clearSearch')}
            onClick={() => {
              setText('');
              field.current?.focus();
            }}
          />
        )
      }
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
    />
  );
}
