import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '@/lib/paths';

/** How many things are listed before somebody asks for all: a bulk change may have touched 500. */
const FIRST = 20;

interface TouchedProps {
  objects: readonly { type: string; id: string }[];
}

/** The things that a bulk change touched, each of which leads to what else happened to it. */
export function Touched({ objects }: TouchedProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? objects : objects.slice(0, FIRST);
  return (
    <>
      {shown.map(({ type, id }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one thing may stand there twice, and the list never changes
        <Fragment key={index}>
          {index > 0 && ', '}
          <Link {...paths.timeline({ entityType: type || undefined, entity: id })}>
            {`${type} ${id}`.trim()}
          </Link>
        </Fragment>
      ))}
      {shown.length < objects.length && (
        <Button variant="subtle" size="compact-sm" ml={8} onClick={() => setAll(true)}>
          {t('entry.allTouched', { count: objects.length })}
        </Button>
      )}
    </>
  );
}
