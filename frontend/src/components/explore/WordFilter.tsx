import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

interface WordFilterProps {
  name: string;
  value: string | undefined;
  change(value: string | undefined): void;
  /** For several words. */
  wide?: boolean;
}

/** A condition of the filter that is typed, taken with Enter or when the field is left. */
export function WordFilter({ name, value, change, wide = false }: WordFilterProps) {
  const [text, setText] = useState(value ?? '');
  const known = useRef(value);
  useEffect(() => {
    if (known.current === value) return;
    known.current = value;
    setText(value ?? '');
  }, [value]);
  const take = () => {
    const word = text.trim() || undefined;
    if (word !== value) change(word);
  };
  return (
    <TextInput
      aria-label={name}
      placeholder={name}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
      maxLength={190}
      autoComplete="off"
      spellCheck={false}
      w={wide ? 220 : 150}
    />
  );
}
