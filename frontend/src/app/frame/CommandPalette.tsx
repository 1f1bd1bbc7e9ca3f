import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './CommandPalette.module.css';
import { type Offer, useOffers } from './useOffers';

interface CommandPaletteProps {
  opened: boolean;
  close(): void;
}

/** One field that finds keys, people, pages and actions. */
export function CommandPalette({ opened, close }: CommandPaletteProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={close} size={560} yOffset="12vh" transitionProps={{ duration: 90 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.title')}>
        <Finder close={close} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Finder({ close }: { close(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [wanted] = useDebouncedValue(text.trim(), 120);
  const offers = useOffers(wanted);
  const chosen = Math.min(active, offers.length - 1);

  const run = (offer: Offer | undefined) => {
    if (!offer) return;
    close();
    if (offer.link) navigate(offer.link);
    else offer.act();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setActive((chosen + step + offers.length) % Math.max(1, offers.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(offers[chosen]);
    }
  };

  return (
    <>
      <input
        className={classes.field}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={press}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.title')}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={offers[chosen] ? `${listId}-${offers[chosen].id}` : undefined}
        autoComplete="off"
        data-autofocus
      />
      <div className={classes.list} role="listbox" id={listId} aria-label={t('palette.title')}>
        {offers.map((offer, index) => (
          // The field keeps the focus and handles every key; the options are pointed at with aria-activedescendant.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={offer.id}
            id={`${listId}-${offer.id}`}
            role="option"
            aria-selected={index === chosen}
            className={classes.offer}
            onClick={() => run(offer)}
            onPointerMove={() => setActive(index)}
          >
            <offer.icon size={17} stroke={1.7} aria-hidden="true" />
            <span className={classes.title}>{offer.title}</span>
            <span className={classes.kind}>{offer.detail}</span>
          </div>
        ))}
        {offers.length === 0 && <p className={classes.none}>{t('palette.nothing')}</p>}
      </div>
    </>
  );
}
