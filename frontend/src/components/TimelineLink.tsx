import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '@/lib/paths';
import { mayOpenTimeline, useSession } from '@/lib/session/session';
import classes from './TimelineLink.module.css';

/** A person's name; for whoever may open the timeline, it leads to the timeline of that person. */
export function TimelineLink({ person }: { person: { id: string; name: string } }) {
  const { t } = useTranslation();
  const { permissions } = useSession();
  if (!mayOpenTimeline(permissions)) return person.name;
  return (
    <Link
      {...paths.timeline({ person: person.id })}
      className={classes.person}
      title={t('people.timelineOf', { name: person.name })}
    >
      {person.name}
    </Link>
  );
}
