import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayIn, untilMidnight } from '@/lib/time/calendar';
import { type Formats, formatsFor } from '@/lib/time/format';
import { useSession } from './session';

/** How this session writes times: in the language shown and the server's display zone. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const zone = useSession().server.timeZone;
  const language = i18n.resolvedLanguage ?? 'en';
  return useMemo(() => formatsFor(language, zone), [language, zone]);
}

/** The server's clock in milliseconds, read again at intervals. */
export function useNow(everyMilliseconds: number): number {
  const { clockOffset } = useSession();
  const [now, setNow] = useState(() => Date.now() + clockOffset);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() + clockOffset), everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds, clockOffset]);
  return now;
}

/** Today in the display zone; changes at its midnight. */
export function useToday(): string {
  const { clockOffset, server } = useSession();
  const [today, setToday] = useState(() => dayIn(server.timeZone, Date.now() + clockOffset));
  useEffect(() => {
    const now = Date.now() + clockOffset;
    const current = dayIn(server.timeZone, now);
    if (current !== today) {
      setToday(current);
      return;
    }
    const timer = setTimeout(
      () => setToday(dayIn(server.timeZone, Date.now() + clockOffset)),
      untilMidnight(server.timeZone, now) + 50,
    );
    return () => clearTimeout(timer);
  }, [today, server.timeZone, clockOffset]);
  return today;
}
