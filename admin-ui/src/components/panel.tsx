import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useFocusBack } from './use-focus-back.ts';

interface PanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A dialog with a form of its own: its buttons are the form's. INVARIANT: one that can be pressed is there from the beginning,
 * also while something is loaded. The library focuses the dialog itself otherwise, and may then hide it from screen readers.
 */
export function Panel({ title, onClose, children }: PanelProps) {
  useFocusBack();
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{children}</DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
