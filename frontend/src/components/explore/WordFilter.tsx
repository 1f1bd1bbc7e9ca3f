import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

interface WordFilterProps {
  name: string;
  value: string | undefined;
  change(value: string | undefined): void;
}

/** One exact word of the filter, taken with Enter or when the field is left. */
export function WordFilter({ name, value, change }: WordFilterProps) {
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
      w={130}
    />
  );
}
