import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Dialog.module.css';
import { useFocusBack } from './useFocusBack';

interface DialogProps {
  opened: boolean;
  close(): void;
  title: string;
  /** Width in pixels. */
  size?: number;
  /** Whether something in front of it is open, which Escape closes first. */
  covered?: boolean;
  children: ReactNode;
}

/** A dialog with a title and a way out, which gives the focus back. Its head is no page header, which the library's own would be. */
export function Dialog({ opened, close, title, size = 480, covered = false, children }: DialogProps) {
  const { t } = useTranslation();
  useFocusBack(opened);
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      closeOnEscape={!covered}
      closeOnClickOutside={false} // which would throw away what was filled in
      size={size}
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('common.close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
