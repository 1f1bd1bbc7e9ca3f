import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import { IssueForm } from './IssueForm';
import type { KeyRow } from './keyRow';
import { ReturnForm } from './ReturnForm';

/** What is to be done at the desk, with which keys. */
export interface DeskTask {
  action: 'issue' | 'return';
  keys: KeyRow[];
}

interface DeskDialogProps {
  task: DeskTask | null;
  close(): void;
  done?: (() => void) | undefined;
}

/** Issues keys or takes them back. Every opening is one intention, with an idempotency key of its own. */
export function DeskDialog({ task, close, done }: DeskDialogProps) {
  const { t } = useTranslation();
  const finish = () => {
    done?.();
    close();
  };
  return (
    <Dialog
      opened={task !== null}
      close={close}
      title={
        task ? t(`keys.${task.action}Title`, { count: task.keys.length, number: task.keys[0]?.number }) : ''
      }
      size={480}
    >
      {task?.action === 'issue' && <IssueForm keys={task.keys} close={close} done={finish} />}
      {task?.action === 'return' && <ReturnForm keys={task.keys} close={close} done={finish} />}
    </Dialog>
  );
}
