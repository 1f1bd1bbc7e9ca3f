import { Button, Radio, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { type Holder, HolderField } from '@/components/holder/HolderField';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import { MergePreview } from './MergePreview';
import classes from './People.module.css';
import { type PersonDetails, PersonDetailsDocument } from './personQuery';

const MergePersonsDocument = graphql(`
  mutation MergePersons($input: MergePersonsInput!) {
    mergePersons(input: $input) {
      person {
        id
        ...PersonRow
      }
    }
  }
`);

/** Says that a person and another are one, after showing what will become of both. */
export function MergeDialog({ person, close }: { person: PersonDetails; close(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [chosen, setChosen] = useState<Holder | null>(null);
  const otherId = chosen?.id ?? null;
  const [stays, setStays] = useState(person.id);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, merge] = useMutation(MergePersonsDocument);
  const [{ data, fetching: loading, error }] = useQuery({
    query: PersonDetailsDocument,
    variables: { id: otherId ?? '' },
    pause: otherId === null,
    requestPolicy: 'network-only',
  });
  const other = otherId !== null && data?.person?.id === otherId ? data.person : null;
  const [from, into] = stays === person.id ? [other, person] : [person, other];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!from || !into || reason.trim() === '' || fetching) return;
    setFailure(null);
    const answer = await merge({
      input: { from: from.id, into: into.id, reason: reason.trim(), idempotencyKey },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('people.merge.done', { from: from.name, into: into.name }));
    close();
  };

  return (
    <Dialog opened close={close} title={t('people.merge.title', { name: person.name })} size={620}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('people.merge.explained')}</p>
        <HolderField
          label={t('people.merge.other')}
          placeholder={t('people.search')}
          recentFirst={false}
          except={person.id}
          value={chosen}
          change={(next) => {
            setChosen(next);
            setStays(person.id);
          }}
          error={tried && otherId === null ? t('people.merge.otherMissing') : null}
        />
        {otherId !== null && loading && <SkeletonRows rows={4} />}
        {error && <FailureNotice failure={failureOf(error)} />}
        {from && into && other && (
          <>
            <Radio.Group label={t('people.merge.stays')} value={stays} onChange={setStays}>
              <div className={classes.stays}>
                <Radio value={person.id} label={labelOf(person)} />
                <Radio value={other.id} label={labelOf(other)} />
              </div>
            </Radio.Group>
            <MergePreview from={from} into={into} />
            <Textarea
              label={t('people.merge.reason')}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              error={tried && reason.trim() === '' ? t('people.merge.reasonMissing') : null}
              maxLength={500}
              autosize
              minRows={1}
              required
              withAsterisk={false}
            />
          </>
        )}
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" color="red" loading={fetching}>
            {t('people.merge.carryOut')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const labelOf = ({ name, employeeNumber, badge }: PersonDetails) =>
  [name, employeeNumber ?? badge].filter(Boolean).join(' · ');
