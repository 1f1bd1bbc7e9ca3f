import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import { useSession } from '@/lib/session/session';
import { useSingleKeysChoice } from '@/lib/singleKeys';
import { pagesFor } from './pages';
import classes from './Shortcuts.module.css';

interface ShortcutsProps {
  opened: boolean;
  close(): void;
}

/** Every shortcut, and the switch that turns those of a single letter off. */
export function Shortcuts({ opened, close }: ShortcutsProps) {
  const { t } = useTranslation();
  const { permissions } = useSession();
  const [singleKeys, setSingleKeys] = useSingleKeysChoice();
  const list: [string[], string][] = [
    [['Ctrl', 'K'], t('shortcuts.palette')],
    [['?'], t('shortcuts.help')],
    [['/'], t('shortcuts.search')],
    ...pagesFor(permissions).map(({ letter, name }): [string[], string] => [
      ['g', letter],
      t('shortcuts.page', { page: t(`pages.${name}`) }),
    ]),
    [['←', '→'], t('shortcuts.day')],
    [['Enter'], t('shortcuts.open')],
    [['↑', '↓'], t('shortcuts.row')],
    [['o'], t('shortcuts.details')],
    [[t('shortcuts.space')], t('shortcuts.select')],
    [['j', 'k'], t('shortcuts.entry')],
    [['f'], t('shortcuts.narrow')],
    ...(permissions.has('LOGS_REVIEW')
      ? ([
          [['r'], t('shortcuts.review')],
          [['!'], t('shortcuts.flag')],
        ] satisfies [string[], string][])
      : []),
    [['Esc'], t('shortcuts.close')],
  ];
  return (
    <Dialog opened={opened} close={close} title={t('shortcuts.title')}>
      <dl className={classes.list}>
        {list.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label={t('shortcuts.singleKeys')}
        checked={singleKeys}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
    </Dialog>
  );
}
