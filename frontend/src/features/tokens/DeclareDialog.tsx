import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { graphql } from '@/gql';
import type { SourcesQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { readFields, readWords, UnreadableLine, writeFields, writeWords } from './declaration';
import classes from './Tokens.module.css';

const SourcesDocument = graphql(`
  query Sources {
    sources {
      name
      purpose
      plain {
        entityType
        path
      }
      words {
        action
        english
        latvian
      }
    }
  }
`);

const DeclareSourceDocument = graphql(`
  mutation DeclareSource($input: DeclareSourceInput!) {
    declareSource(input: $input) {
      source {
        name
      }
    }
  }
`);

type Declared = SourcesQuery['sources'][number];

/** What a program says of itself: what for, which fields stand in plain, and what its actions are called. */
export function DeclareDialog({ source, close }: { source: string; close(): void }) {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: SourcesDocument, requestPolicy: 'network-only' });
  return (
    <Dialog opened close={close} title={t('tokens.declaresNamed', { source })} size={620}>
      {error && <FailureNotice failure={failureOf(error)} />}
      {!data && !error && <SkeletonRows rows={4} />}
      {data && (
        <Declaration
          source={source}
          declared={data.sources.find(({ name }) => name === source)}
          close={close}
        />
      )}
    </Dialog>
  );
}

interface DeclarationProps {
  source: string;
  declared: Declared | undefined;
  close(): void;
}

function Declaration({ source, declared, close }: DeclarationProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [purpose, setPurpose] = useState(declared?.purpose ?? '');
  const [plain, setPlain] = useState(writeFields(declared?.plain ?? []));
  const [words, setWords] = useState(writeWords(declared?.words ?? []));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, declare] = useMutation(DeclareSourceDocument);
  const fields = read(plain, readFields);
  const titles = read(words, readWords);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fetching || !fields.read || !titles.read) return;
    setFailure(null);
    const answer = await declare({
      input: { name: source, purpose, plain: fields.read, words: titles.read },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('tokens.declared', { source }));
    close();
  };
  const refused = (field: string) => (failure?.field?.startsWith(field) ? failure.message : null);
  const unreadable = (line: number | null) => line !== null && t('tokens.unreadable', { line });

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <Textarea
        label={t('tokens.purpose')}
        description={t('tokens.purposeHint')}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
        error={refused('purpose')}
        maxLength={1000}
        autosize
        minRows={2}
        data-autofocus
      />
      <Textarea
        label={t('tokens.plain')}
        description={t('tokens.plainHint')}
        placeholder={'/status\norder /total/currency'}
        value={plain}
        onChange={(event) => setPlain(event.currentTarget.value)}
        error={unreadable(fields.line) || refused('plain')}
        autosize
        minRows={2}
        maxRows={8}
      />
      <Textarea
        label={t('tokens.words')}
        description={t('tokens.wordsHint')}
        placeholder="order.paid: paid an order | apmaksāja pasūtījumu"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        error={unreadable(titles.line) || refused('words')}
        autosize
        minRows={2}
        maxRows={8}
      />
      {failure && !/^(purpose|plain|words)/.test(failure.field ?? '') && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

/** Reads a text, or says in which line it cannot be read. */
function read<T>(text: string, as: (text: string) => T[]): { read: T[] | null; line: number | null } {
  try {
    return { read: as(text), line: null };
  } catch (error) {
    if (error instanceof UnreadableLine) return { read: null, line: error.line };
    throw error;
  }
}
