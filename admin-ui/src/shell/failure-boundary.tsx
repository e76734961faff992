import { Component, type ReactNode } from 'react';
import { ErrorState } from '../components/error-state.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly failure: unknown;
}

/** A screen that breaks takes nothing else down. React asks for a class here. */
export class FailureBoundary extends Component<Props, State> {
  override state: State = { failure: undefined };

  static getDerivedStateFromError(failure: unknown): State {
    return { failure };
  }

  override render(): ReactNode {
    if (this.state.failure === undefined) return this.props.children;
    return <ErrorState error={this.state.failure} onRetry={() => this.setState({ failure: undefined })} />;
  }
}
