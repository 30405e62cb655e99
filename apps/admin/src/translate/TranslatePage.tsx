import { Alert, Button, Stack } from '@mui/material';
import { useState } from 'react';
import { LinkBase, Loading, Title, useCanAccess, useDataProvider, useGetList } from 'react-admin';
import { PageIntro } from '../layout/PageIntro.js';
import { mayUseCloud, type ModelRoute } from '../modelRoutes/ModelRoute.js';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { QuestionForm } from './QuestionForm.js';
import { TargetResult } from './TargetResult.js';
import type { TranslationPreview, TranslationQuestion } from './TranslationPreview.js';

/** Shows what a request becomes for each target of its route, before anything is sent. */
export const TranslatePage = () => {
  const { canAccess, isPending } = useCanAccess({ resource: 'translate', action: 'create' });
  const routes = useGetList<ModelRoute>('model-routes', {
    pagination: { page: 1, perPage: 100 },
    sort: { field: 'name', order: 'ASC' },
    filter: { isEnabled: true },
  });
  return (
    <>
      <Title title="Translate" />
      <PageIntro>
        What would each target of a route be sent? Paste a request as your program sends it. Nothing
        leaves this machine, nothing is started, and nothing is kept.
      </PageIntro>
      {isPending || routes.isPending ? (
        <Loading />
      ) : canAccess === true ? (
        <Translator routes={routes.data ?? []} />
      ) : (
        <Alert severity="info" sx={{ mt: 2 }}>
          Only administrators may look at outgoing requests.
        </Alert>
      )}
    </>
  );
};

type Result =
  | { readonly state: 'none' | 'running' }
  | { readonly state: 'failed'; readonly fault: string }
  | { readonly state: 'done'; readonly preview: TranslationPreview };

const Translator = ({ routes }: { readonly routes: readonly ModelRoute[] }) => {
  const provider = useDataProvider<SpillwayDataProvider>();
  const [result, setResult] = useState<Result>({ state: 'none' });
  const ask = (question: TranslationQuestion) => {
    setResult({ state: 'running' });
    provider.previewTranslation(question).then(
      (preview) => setResult({ state: 'done', preview }),
      (error: unknown) => setResult({ state: 'failed', fault: messageOf(error) }),
    );
  };
  if (routes.length === 0) return <NoRoute />;
  return (
    <Stack sx={{ gap: 2.5, mt: 2 }}>
      <QuestionForm
        routeNames={routes.map(({ name }) => name)}
        isRunning={result.state === 'running'}
        onAsk={ask}
        onChange={() => setResult({ state: 'none' })}
      />
      {result.state === 'failed' ? <Alert severity="error">{result.fault}</Alert> : null}
      {result.state === 'done' ? <Targets preview={result.preview} routes={routes} /> : null}
    </Stack>
  );
};

interface TargetsProps {
  readonly preview: TranslationPreview;
  readonly routes: readonly ModelRoute[];
}

const Targets = ({ preview: { route: name, targets }, routes }: TargetsProps) => {
  const route = routes.find((known) => known.name === name);
  const isLocalOnly = route !== undefined && !mayUseCloud(route);
  if (targets.length === 0)
    return <Alert severity="warning">The route “{name}” has no target in use.</Alert>;
  return targets.map((target, index) => (
    <TargetResult key={`${index} ${target.target}`} preview={target} isLocalOnly={isLocalOnly} />
  ));
};

const NoRoute = () => (
  <Alert
    severity="info"
    sx={{ mt: 2 }}
    action={
      <Button color="inherit" size="small" component={LinkBase} to="/model-routes/create">
        Create a route
      </Button>
    }
  >
    A request is translated for the targets of the route it names, and there is no route in use yet.
  </Alert>
);
