import { useTranslation } from 'react-i18next';
import type { Failure } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';

/** What the groups' rules and reservations say against an issue. */
export function InTheWay({ failure }: { failure: Failure }) {
  const { takers, latest, reservations } = failure;
  if (takers.length === 0 && latest === null && reservations.length === 0) return null;
  return <Rules failure={failure} />;
}

function Rules({ failure: { takers, latest, reservations } }: { failure: Failure }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      {takers.length > 0 && <p>{t('override.takers', { takers: takers.join(', ') })}</p>}
      {latest && <p>{t('override.latest', { time: formats.dateTime(latest) })}</p>}
      {reservations.length > 0 && (
        <ul>
          {reservations.map(({ number, from, to, holder }) => (
            <li key={`${number} ${from}`}>
              {t(holder ? 'override.reservedFor' : 'override.reserved', {
                number,
                holder,
                from: from && formats.dateTime(from),
                to: to && formats.dateTime(to),
              })}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
