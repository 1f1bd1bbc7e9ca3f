import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWall } from './useWall';
import { Wall } from './Wall';
import classes from './Wall.module.css';

/** A display on a wall: a code for an admin to approve, and from then on what is out. It has no controls. */
export function WallPage() {
  const { t } = useTranslation();
  const { code, shown } = useWall();
  const now = useMachineClock();
  useEffect(() => {
    document.title = `${t('wall.title')} · keytrail`;
  }, [t]);
  if (shown) return <Wall wall={shown.wall} arrivedAt={shown.arrivedAt} now={now} />;
  return (
    <main className={classes.pairing}>
      <h1>{t('wall.title')}</h1>
      {code ? (
        <>
          <p className={classes.code}>{code}</p>
          <p>{t('wall.pair')}</p>
        </>
      ) : (
        <p role="status">{t('wall.connecting')}</p>
      )}
    </main>
  );
}

function useMachineClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
