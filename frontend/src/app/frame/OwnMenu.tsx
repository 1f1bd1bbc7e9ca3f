import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconFileText,
  IconLanguage,
  IconLogout,
  IconShieldLock,
  IconSunMoon,
  IconUserCircle,
} from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRoleNames } from '@/components/roleNames';
import { chooseLanguage, languageOf } from '@/lib/i18n/i18n';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import classes from './OwnMenu.module.css';

export function OwnMenu() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const nameOf = useRoleNames();
  const { person, username, roles, server, signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  const otherLanguage = languageOf(i18n) === 'en' ? 'lv' : 'en';
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t('frame.ownMenu', { name: person.name })}
        >
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{person.name}</strong>
          <span>
            {username} · {roles.map(nameOf).join(', ')}
          </span>
        </div>
        <Menu.Divider />
        <div className={classes.phoneOnly}>
          <Menu.Item leftSection={<IconSunMoon size={16} />} onClick={() => setColorScheme(other)}>
            {t(`frame.theme.${other}`)}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLanguage size={16} />}
            onClick={() => chooseLanguage(i18n, otherLanguage)}
          >
            {t('frame.otherLanguage')}
          </Menu.Item>
        </div>
        <Menu.Item leftSection={<IconShieldLock size={16} />} onClick={() => navigate(paths.security())}>
          {t('security.title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconShieldLock size={16} />}
          renderRoot={(props) => <Link {...paths.account()} {...props} />}
        >
          {t('account.title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileText size={16} />}
          renderRoot={(props) => <Link {...paths.myData()} {...props} />}
        >
          {t('myData.title')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {t('frame.signOut')}
        </Menu.Item>
        <Menu.Divider />
        <p className={classes.version}>{t('frame.version', { version: server.version })}</p>
      </Menu.Dropdown>
    </Menu>
  );
}
