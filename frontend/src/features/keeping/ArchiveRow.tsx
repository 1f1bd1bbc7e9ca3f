import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Hash } from '@/components/Hash';
import { Instant } from '@/components/Instant';
import { type FragmentType, graphql, unmask } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import classes from './Keeping.module.css';

const ArchiveRowFragment = graphql(`
  fragment ArchiveRow on Archive {
    id
    createdAt
    from
    to
    entries
    bytes
    oldest
    newest
    manifest
    verifiedAt
    damage
    restoredAt
    keptUntil
    streams {
      stream
      entries
    }
  }
`);

const VerifyDocument = graphql(`
  mutation VerifyArchive($input: VerifyArchiveInput!) {
    verifyArchive(input: $input) {
      archive {
        id
        ...ArchiveRow
      }
    }
  }
`);

/** One archive: what is in it, and whether it is as it was written. */
export function ArchiveRow({ archive: masked }: { archive: FragmentType<typeof ArchiveRowFragment> }) {
  const archive = unmask(ArchiveRowFragment, masked);
  const { t } = useTranslation();
  const formats = useFormats();
  const announce = useAnnounce();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, verify] = useMutation(VerifyDocument);
  const check = async () => {
    setFailure(null);
    const answer = await verify({ input: { archive: archive.id } });
    if (answer.error) return setFailure(failureOf(answer.error));
    const damage = answer.data?.verifyArchive.archive && unmaskDamage(answer.data.verifyArchive.archive);
    announce(damage ? t('keeping.damaged', { damage }) : t('keeping.intact'));
  };
  const day = (at: string) => formats.day(formats.dateOf(at));
  const from = day(archive.oldest);
  return (
    <li className={classes.row}>
      <span className={classes.what}>{t('keeping.fromTo', { from, to: day(archive.newest) })}</span>
      <span className={classes.grow}>
        {archive.streams
          .map((one) => `${t(`timeline.stream.${one.stream}`)} ${formats.number(Number(one.entries))}`)
          .join(', ')}
        <span className={classes.under}>
          {t('keeping.archiveOf', {
            from: archive.from,
            to: String(BigInt(archive.to) - 1n),
            size: formats.number(Math.ceil(Number(archive.bytes) / 1024)),
          })}{' '}
          <Hash value={archive.manifest} label={t('keeping.manifest')} />
        </span>
      </span>
      <span className={classes.state} data-damaged={archive.damage ? true : undefined}>
        {archive.damage ? t('keeping.damaged', { damage: archive.damage }) : t('keeping.intact')}
        {archive.verifiedAt && (
          <span className={classes.under}>
            {t('keeping.verifiedAt')} <Instant at={archive.verifiedAt} />
          </span>
        )}
        {archive.keptUntil && (
          <span className={classes.under}>{t('keeping.restored', { until: day(archive.keptUntil) })}</span>
        )}
      </span>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={check}
        loading={fetching}
        aria-label={t('keeping.verifyNamed', { from })}
      >
        {t('keeping.verify')}
      </Button>
      {failure && <FailureNotice failure={failure} />}
    </li>
  );
}

const unmaskDamage = (archive: FragmentType<typeof ArchiveRowFragment>) =>
  unmask(ArchiveRowFragment, archive).damage;
